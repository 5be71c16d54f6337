/**
 * What the schemas of the custom resources say that the annotations of Fabric8 have no words for:
 * how lists merge, and which texts a field takes. Read by the generator of the manifests only.
 */
package peloton.crds.schema;
