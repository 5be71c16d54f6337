package peloton.controllers.reconcile;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import peloton.controllers.reconcile.Followers.Haste;
import peloton.store.Timers;

/**
 * Merges calls: however often a resource is called, it is passed on once in a while, and within a
 * bounded time after each call. May be called from any thread.
 */
public final class Pacer {
  /** How long a call waits for others to come: what belongs together mostly comes together. */
  private static final Duration GATHER = Duration.ofMillis(50);

  /** The least time between two passes over one resource. */
  private static final Duration APART = Duration.ofMillis(500);

  private static final Duration EVENTUALLY = Duration.ofSeconds(2);

  private final Timers timers;
  private final Consumer<ResourceKey> next;
  private final Map<ResourceKey, Due> due = new ConcurrentHashMap<>();

  /**
   * One resource's turn.
   *
   * @param at when it is or was passed on, on the timers' clock
   * @param done whether it was
   */
  private record Due(long at, boolean done, Timers.Cancellable timer) {}

  /**
   * @param next takes a resource whose time has come, on the timers' thread; must not block
   */
  public Pacer(Timers timers, Consumer<ResourceKey> next) {
    this.timers = timers;
    this.next = next;
  }

  /** Asks for a resource to be passed on. */
  public void call(ResourceKey resource, Haste haste) {
    long now = timers.nanoTime();
    long wanted = now + (haste == Haste.SOON ? GATHER : EVENTUALLY).toNanos();
    Due pending = due.get(resource);
    if (pending != null && !pending.done() && pending.at() - wanted <= 0) {
      return;
    }
    due.compute(resource, (key, before) -> plan(key, before, wanted, now));
  }

  /** Forgets a resource that is gone. */
  public void forget(ResourceKey resource) {
    Due before = due.remove(resource);
    if (before != null) {
      before.timer().cancel();
    }
  }

  private Due plan(ResourceKey resource, Due before, long wanted, long now) {
    long at = wanted;
    if (before != null && !before.done()) {
      if (before.at() - wanted <= 0) {
        return before;
      }
      before.timer().cancel();
    } else if (before != null && before.at() + APART.toNanos() - wanted > 0) {
      at = before.at() + APART.toNanos();
    }
    long chosen = at;
    return new Due(
        at, false, timers.schedule(Duration.ofNanos(at - now), () -> pass(resource, chosen)));
  }

  private void pass(ResourceKey resource, long at) {
    due.computeIfPresent(
        resource,
        (key, before) ->
            before.at() == at
                ? new Due(timers.nanoTime(), true, Timers.Cancellable.none())
                : before);
    next.accept(resource);
  }
}
