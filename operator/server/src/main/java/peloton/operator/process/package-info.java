/**
 * The operator as a process: makes every part from the configuration, joins them, and stops them in
 * order. The only place where the gRPC side and the loops meet: through etcd, and through the
 * addresses of agents. Started by the command, and by tests.
 */
package peloton.operator.process;
