/**
 * {@code peloton bench}: measures the control plane on this machine, as a client and as a witness
 * that believes nobody. Each bench is a command, a plan that checks its options, and a {@link
 * peloton.command.bench.Bench} that works on a {@link peloton.command.bench.Stage}; {@link
 * peloton.command.bench.Harness} runs it and cleans up. The cluster is made of real processes
 * ({@code peloton.command.cluster}); what they did is read from etcd's own watch, from the local
 * Mesos' own counters and from the system, never from the API under test. Called by the command
 * line only.
 */
package peloton.command.bench;
