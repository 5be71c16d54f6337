package peloton.host;

import peloton.api.v1alpha.host.Host.HostState;

/**
 * The way of a host into maintenance and back: UP, DRAINING (no more pods, those on it move),
 * DRAINED (none left), DOWN (Mesos has taken it down), UP. A host that moves to another pool is
 * drained, too, and then goes on in that pool without having been down.
 *
 * <p>One step at a time, each of which may be repeated: a leader that takes over in the middle
 * decides the same.
 */
public final class HostDecider {
  private HostDecider() {}

  /** What comes next. */
  public static HostStep decide(HostView host) {
    return host.goal() == HostState.HOST_STATE_DOWN ? towardsDown(host) : towardsUp(host);
  }

  private static HostStep towardsDown(HostView host) {
    return switch (host.state()) {
      case HOST_STATE_DRAINING -> drain(host);
      case HOST_STATE_DRAINED -> {
        if (host.pods() > 0) {
          yield new HostStep.Become(HostState.HOST_STATE_DRAINING);
        }
        yield isOut(host)
            ? new HostStep.Become(HostState.HOST_STATE_DOWN)
            : new HostStep.TakeDown();
      }
      case HOST_STATE_DOWN -> {
        // It came back by itself, or as another agent: out of service means all of it.
        if (host.pods() > 0) {
          yield new HostStep.Become(HostState.HOST_STATE_DRAINING);
        }
        yield isOut(host) ? new HostStep.Rest() : new HostStep.TakeDown();
      }
      case HOST_STATE_INVALID, HOST_STATE_UNKNOWN, HOST_STATE_UP, UNRECOGNIZED ->
          new HostStep.Become(HostState.HOST_STATE_DRAINING);
    };
  }

  private static boolean isOut(HostView host) {
    return host.down() || !host.registered();
  }

  private static HostStep drain(HostView host) {
    if (host.registered() && !host.withheld()) {
      return new HostStep.Withhold();
    }
    return host.pods() > 0
        ? new HostStep.MovePods()
        : new HostStep.Become(HostState.HOST_STATE_DRAINED);
  }

  private static HostStep towardsUp(HostView host) {
    return switch (host.state()) {
      case HOST_STATE_DRAINED, HOST_STATE_DOWN -> giveBack(host);
      case HOST_STATE_DRAINING -> {
        if (!host.moving() || host.withheld()) {
          yield giveBack(host);
        }
        yield host.pods() > 0 ? new HostStep.MovePods() : new HostStep.JoinPool();
      }
      case HOST_STATE_INVALID, HOST_STATE_UNKNOWN, HOST_STATE_UP, UNRECOGNIZED -> {
        if (host.moving()) {
          yield new HostStep.Become(HostState.HOST_STATE_DRAINING);
        }
        yield host.registered() ? new HostStep.Rest() : new HostStep.Forget();
      }
    };
  }

  private static HostStep giveBack(HostView host) {
    if (host.withheld() || host.down()) {
      return new HostStep.BringUp();
    }
    return host.registered() ? new HostStep.Become(HostState.HOST_STATE_UP) : new HostStep.Rest();
  }
}
