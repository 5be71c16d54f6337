package peloton.controllers.pool;

import peloton.controllers.job.Holder;

/**
 * What there is of the pool that a resource stands for.
 *
 * @param same whether its specification is the one that is asked for
 * @param inUse whether it has jobs, in whatever state, or child pools
 */
public record PoolSeen(Holder holder, boolean same, boolean inUse) {}
