/**
 * The one way by which desired state is written: the gRPC services and the custom resources hand
 * their requests to the writers below, which check them and write by compare-and-swap. Knows no
 * gRPC; a request that cannot be served ends as an {@link peloton.desired.ApiException}.
 */
package peloton.desired;
