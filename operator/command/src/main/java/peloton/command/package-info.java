/**
 * The {@code peloton} command: its entry point, what its subcommands share, and the exit codes that
 * scripts rely on. Each subpackage owns one group of subcommands. Everything here is a client of
 * the gRPC API or a starter of processes; nothing reads or writes etcd or Mesos itself.
 */
package peloton.command;
