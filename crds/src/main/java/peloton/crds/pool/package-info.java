/** Resource pools as custom resources. */
package peloton.crds.pool;
