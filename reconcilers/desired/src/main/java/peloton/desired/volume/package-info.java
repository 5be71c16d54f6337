/**
 * What clients ask of persistent volumes. The gRPC service calls it; the leader's loops do the
 * rest.
 */
package peloton.desired.volume;
