/**
 * Whether this replica is fit to be asked, as {@code grpc.health.v1} tells it: for the server as a
 * whole and for each service of the API. Fed by the process.
 */
package peloton.operator.health;
