/** Hosts in maintenance as custom resources. */
package peloton.crds.host;
