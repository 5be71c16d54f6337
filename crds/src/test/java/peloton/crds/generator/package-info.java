/**
 * Makes {@code manifests/crds} from the types of this module. Part of the tests, so that nothing at
 * run time depends on a generator; the tests say when the manifests are not what it would write.
 */
package peloton.crds.generator;
