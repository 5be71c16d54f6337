/**
 * Passes over custom resources: each compares one resource with desired state, makes the writes of
 * the API that are missing, and says in the resource's status what came of it. Knows Kubernetes
 * through {@link peloton.controllers.reconcile.CustomResources} alone, so that passes run in tests
 * without one. One pass over a resource at a time; passes over different resources may overlap.
 */
package peloton.controllers.reconcile;
