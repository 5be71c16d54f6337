package peloton.preemption;

import peloton.entitlement.Amounts;

/**
 * A pod that may be taken.
 *
 * @param job the job that it belongs to
 * @param room how many more pods of that job may be unavailable; the same for all its candidates
 * @param placed whether it has a task; taking one that has none hurts nobody
 * @param priority an unsigned number; lower goes first
 * @param since since when it runs, Unix nanoseconds; who came last goes first
 */
public record Candidate<P>(
    P pod,
    String job,
    int room,
    Amounts need,
    boolean revocable,
    boolean placed,
    int priority,
    long since) {}
