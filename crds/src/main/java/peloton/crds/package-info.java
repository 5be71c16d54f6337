/**
 * The custom resources of the group {@code peloton.dev}: what people write to Kubernetes, and what
 * they read there. These types are the source; {@code manifests/crds} is generated from them.
 *
 * <p>Specs and statuses are records. Whatever is left out is null, or an empty list; every number
 * is bounded by the schema to what its Java type holds, so that every stored resource can be read.
 * No field has a default in the schema: what a resource does not say stays unsaid in it, and the
 * operator writes nothing but {@code status} and its finalizer. Knows nothing of Peloton's API;
 * {@code peloton.controllers} translates.
 */
package peloton.crds;
