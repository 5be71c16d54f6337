package peloton.store.election;

import peloton.records.LeaderRecord;

/**
 * One unbroken time of leadership: from the creation of the leader key to its deletion. The key's
 * creation revision names the term; whoever compares it in a transaction writes nothing once the
 * term is over.
 *
 * @param leaderKey the full etcd key that the leader holds
 * @param createRevision the revision at which this term created it; greater than 0, and greater
 *     than that of every earlier term
 * @param lease the lease that the key hangs on
 * @param record what the key holds
 */
public record Term(String leaderKey, long createRevision, long lease, LeaderRecord record) {}
