package peloton.controllers.reconcile;

import java.time.Duration;
import java.util.Optional;
import peloton.controllers.status.Reason;
import peloton.controllers.status.Verdict;

/**
 * Where a pass came to.
 *
 * @param hindrance what keeps it from going on; empty if nothing does
 * @param again when to look again even if nothing changes; empty to wait for a change
 * @param released whether the resource may go
 */
record Settled(Optional<Verdict> hindrance, Optional<Duration> again, boolean released) {
  private static final Duration SHORTLY = Duration.ofSeconds(2);
  private static final Duration LATER = Duration.ofSeconds(30);

  /** Everything that is to be asked for is. */
  static final Settled DONE = new Settled(Optional.empty(), Optional.empty(), false);

  /** Nothing keeps the resource. */
  static final Settled RELEASED = new Settled(Optional.empty(), Optional.empty(), true);

  /** It goes on by itself; look again after a while, in case it does not. */
  static Settled waiting(Duration again) {
    return new Settled(Optional.empty(), Optional.of(again), false);
  }

  static Settled hindered(Verdict verdict) {
    Optional<Duration> again =
        verdict.reason() == Reason.StoreUnavailable
            ? Optional.of(SHORTLY)
            : verdict.reason() == Reason.InternalError ? Optional.of(LATER) : Optional.empty();
    return new Settled(Optional.of(verdict), again, false);
  }

  static Settled hindered(Reason reason, String message) {
    return hindered(new Verdict(reason, message));
  }
}
