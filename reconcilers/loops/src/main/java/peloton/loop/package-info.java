/**
 * The reconcile loops of the leader, all on one control thread. An event (a desired record, a word
 * from Mesos, a commit, a timer) marks what it touches; what is marked is decided anew from the
 * records in memory by the pure deciders of {@code peloton.job}, {@code peloton.workflow}, {@code
 * peloton.pod} and {@code peloton.placement}; the outcome is records to write and, once they are in
 * etcd, calls to Mesos. Nothing here blocks and nothing is locked.
 *
 * <p>The operator calls {@link peloton.loop.LeaderLoops} and nothing else.
 */
package peloton.loop;
