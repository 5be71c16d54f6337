/**
 * What the API says of the records: pure functions from a view's records to the messages of jobs,
 * workflows, pods and resource pools. Writes nothing and knows no gRPC server. Called by the gRPC
 * services and by the watches, so that both always say the same.
 */
package peloton.operator.read;
