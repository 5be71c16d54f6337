package peloton.store.view;

/**
 * What a view has been through since it was made.
 *
 * @param changes records that were applied from the watch
 * @param duplicates changes that came again and were dropped
 * @param unknownKeys changes and entries under keys that this version does not know
 * @param unreadable changes and entries whose value could not be read; the record before them stays
 * @param loads complete readings, the first one included
 * @param resyncs comparisons with the store that ran to their end
 * @param repairs records that a comparison found different: more than 0 means that a watch lost
 *     changes, which calls for an alarm
 */
public record ViewStats(
    long changes,
    long duplicates,
    long unknownKeys,
    long unreadable,
    long loads,
    long resyncs,
    long repairs) {}
