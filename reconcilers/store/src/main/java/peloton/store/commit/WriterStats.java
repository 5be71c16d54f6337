package peloton.store.commit;

import java.time.Duration;

/**
 * What a writer has done in its term.
 *
 * @param transactions transactions that are known to be committed
 * @param mutations mutations handed in that these carried; several of one key count each
 * @param writes puts and deletes that reached the store, without the leader key's
 * @param bytes keys and values of those writes
 * @param repeats transactions that had to be sent again
 * @param queued mutations handed in and not known to be committed
 * @param lastLatency from the first sending of the last committed transaction to the knowledge of
 *     it; zero before the first
 */
public record WriterStats(
    long transactions,
    long mutations,
    long writes,
    long bytes,
    long repeats,
    int queued,
    Duration lastLatency) {}
