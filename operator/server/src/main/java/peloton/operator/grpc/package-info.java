/**
 * The gRPC server: one class for each service of the API, and what they share — every call is
 * answered exactly once, every failure as a status that says what to do. Services only translate:
 * reads come from {@code peloton.operator.read}, writes go through {@code peloton.desired}. Nothing
 * here blocks: work that waits for etcd or an agent completes the call when it is done.
 */
package peloton.operator.grpc;
