package peloton.controllers.pool;

import java.util.Optional;
import peloton.controllers.job.Holder;

/** Compares what a ResourcePool asks for with what there is. */
public final class PoolDecider {
  private PoolDecider() {}

  /**
   * What a ResourcePool asks for, beside its specification.
   *
   * @param deleting whether the resource is being deleted
   * @param orphan whether the pool is to stay when the resource goes
   * @param adopts whether a pool that is there already is taken over
   * @param parent whether there is a pool at the parent's path
   */
  public record Ask(boolean deleting, boolean orphan, boolean adopts, boolean parent) {}

  /**
   * The next step.
   *
   * @param seen empty if there is no pool
   */
  public static PoolStep decide(Ask ask, Optional<PoolSeen> seen) {
    if (ask.deleting()) {
      return seen.map(pool -> leave(ask, pool)).orElse(PoolStep.RELEASE);
    }
    return seen.map(pool -> approach(ask, pool))
        .orElse(ask.parent() ? PoolStep.CREATE : PoolStep.AWAIT_PARENT);
  }

  private static PoolStep leave(Ask ask, PoolSeen pool) {
    if (pool.holder() != Holder.SELF) {
      return PoolStep.RELEASE;
    }
    if (ask.orphan()) {
      return PoolStep.DISOWN;
    }
    return pool.inUse() ? PoolStep.AWAIT_EMPTY : PoolStep.DELETE;
  }

  private static PoolStep approach(Ask ask, PoolSeen pool) {
    if (pool.holder() == Holder.OTHER) {
      return PoolStep.NOT_OWNED;
    }
    if (pool.holder() != Holder.SELF) {
      return ask.adopts() ? PoolStep.ADOPT : PoolStep.ADOPTION_REQUIRED;
    }
    return pool.same() ? PoolStep.NOTHING : PoolStep.UPDATE;
  }
}
