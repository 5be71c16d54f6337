/**
 * A whole cluster on this machine: etcd, the local Mesos and the operator, each a process of its
 * own on 127.0.0.1, started in order, checked, and stopped in the reverse order. It uses ports that
 * nobody listens on and signals only processes that it started itself. For {@code dev}, {@code
 * demo}, benchmarks and integration tests.
 */
package peloton.command.cluster;
