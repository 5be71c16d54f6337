package peloton.admission;

import peloton.entitlement.Amounts;

/**
 * A pool as it stands, the pools below it included.
 *
 * @param allocation what its pods are charged with, those that are revocable too
 * @param slack the part of it that revocable pods are charged with
 * @param demand what its pods are charged with or wait for
 * @param entitlement what it may use now
 */
public record PoolState(
    String id, Amounts allocation, Amounts slack, Amounts demand, Amounts entitlement) {}
