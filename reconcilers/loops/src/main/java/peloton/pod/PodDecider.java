package peloton.pod;

import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.records.PodRecord;

/**
 * The table of goal and phase. Total: every pair has its cell, and the test goes through all of
 * them.
 */
public final class PodDecider {
  /** Ends a run for another one that a client asked for. */
  public static final PodAction.Kill RESTART =
      new PodAction.Kill(
          TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_FOR_RESTART,
          "Task restarted via API");

  /** Ends a run for one on a new version. */
  public static final PodAction.Kill UPDATE =
      new PodAction.Kill(
          TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_FOR_UPDATE,
          "Job configuration updated via API");

  /** Ends a run for one on the version before a failed update. */
  public static final PodAction.Kill ROLLBACK =
      new PodAction.Kill(
          TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_FOR_UPDATE,
          "Job configuration updated due to rollback");

  private static final PodAction NOTHING = new PodAction.Nothing();
  private static final PodAction SUBMIT = new PodAction.Submit();
  private static final PodAction WITHDRAW = new PodAction.Withdraw();
  private static final PodAction LAUNCH_STAGE = new PodAction.LaunchStage();
  private static final PodAction STUCK =
      new PodAction.Kill(
          TerminationStatus.Reason.TERMINATION_STATUS_REASON_FAILED,
          "The agent made no offer for the containers that follow an init container");
  private static final PodAction SHUT_DOWN = new PodAction.ShutDown();
  private static final PodAction REMOVE = new PodAction.Remove();
  private static final PodAction GIVE_UP = new PodAction.GiveUp("the agent cannot be reached");

  private PodDecider() {}

  /** What to do about an instance now. */
  public static PodAction decide(PodView view) {
    PodPhase phase = PodPhase.of(view.record().orElse(null));
    if (phase == PodPhase.KILLING) {
      return awaitEnd(view);
    }
    return switch (view.goal()) {
      case RUN -> toRun(view, phase);
      case STOP -> toStop(view, phase);
      case REMOVE -> toRemove(view, phase);
    };
  }

  private static PodAction toRun(PodView view, PodPhase phase) {
    if (phase == PodPhase.ABSENT) {
      return view.admitted() ? SUBMIT : WITHDRAW;
    }
    PodRecord record = view.record().orElseThrow();
    boolean outdated =
        record.getDesiredRun() > record.getRun() || record.getVersion() != view.version();
    return switch (phase) {
      case ABSENT, KILLING -> throw new IllegalStateException("handled above");
      case WAITING ->
          outdated ? new PodAction.BeginRun(view.version(), "Task sent for placement") : SUBMIT;
      case LIVE -> {
        if (isUnreachable(view)) {
          yield outdated ? GIVE_UP : superviseUnreachable(view, record);
        }
        yield outdated ? view.replacement() : superviseLaunch(view, record);
      }
      case ENDED -> {
        if (outdated) {
          yield new PodAction.BeginRun(view.version(), "Initialize task");
        }
        yield view.startedSince() || view.now() >= record.getNotBefore()
            ? new PodAction.BeginRun(view.version(), "Rescheduled after task terminated")
            : new PodAction.Wait(record.getNotBefore());
      }
    };
  }

  /** Whatever the goal is, the task has to end first; an agent that cannot end it is helped. */
  private static PodAction awaitEnd(PodView view) {
    long deadline = view.record().orElseThrow().getUpdatedAt() + view.killTimeout();
    return view.now() < deadline ? NOTHING : SHUT_DOWN;
  }

  /** Nobody there hears a kill: the run is over as far as can be told. */
  private static boolean isUnreachable(PodView view) {
    return view.record().map(PodRecord::getUnreachableSince).orElse(0L) != 0;
  }

  private static PodAction superviseUnreachable(PodView view, PodRecord record) {
    long deadline = record.getUnreachableSince() + view.unreachableTimeout();
    return view.now() < deadline ? new PodAction.Wait(deadline) : GIVE_UP;
  }

  private static PodAction superviseLaunch(PodView view, PodRecord record) {
    if (Stages.next(record).isPresent()) {
      return view.now() < record.getUpdatedAt() + view.launchTimeout() ? LAUNCH_STAGE : STUCK;
    }
    if (record.getState() != PodState.POD_STATE_LAUNCHED) {
      return NOTHING;
    }
    long deadline = record.getCreatedAt() + view.launchTimeout();
    return view.now() < deadline
        ? new PodAction.Wait(deadline)
        : new PodAction.Kill(
            TerminationStatus.Reason.TERMINATION_STATUS_REASON_FAILED,
            "Mesos said nothing of the launched task within the launch timeout");
  }

  private static PodAction toStop(PodView view, PodPhase phase) {
    return switch (phase) {
      case ABSENT -> WITHDRAW;
      case WAITING -> new PodAction.EndUnlaunched("Non-running task killed");
      case LIVE ->
          isUnreachable(view)
              ? GIVE_UP
              : new PodAction.Kill(
                  TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_ON_REQUEST,
                  "Task stop API request");
      case ENDED -> NOTHING;
      case KILLING -> throw new IllegalStateException("handled above");
    };
  }

  private static PodAction toRemove(PodView view, PodPhase phase) {
    return switch (phase) {
      case ABSENT -> WITHDRAW;
      case WAITING, ENDED -> REMOVE;
      case LIVE ->
          isUnreachable(view)
              ? GIVE_UP
              : new PodAction.Kill(
                  TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_ON_REQUEST,
                  "Task Count reduced via API");
      case KILLING -> throw new IllegalStateException("handled above");
    };
  }
}
