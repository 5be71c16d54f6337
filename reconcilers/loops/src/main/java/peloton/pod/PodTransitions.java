package peloton.pod;

import java.util.List;
import java.util.Map;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.desired.pod.Availability;
import peloton.records.PodEventRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowEventRecord;
import peloton.records.WorkflowMark;

/**
 * The records that follow from a decision: pure functions from the old record to the new one. Each
 * adds one event, raises the revision, and settles how far the workflow got with the pod, so that a
 * step of a pod and of its workflow is one write.
 */
public final class PodTransitions {
  /** Events kept of one run; the oldest go first. */
  public static final int MAX_EVENTS = 100;

  /** Workflow events kept of one instance: those of some ten workflows. */
  public static final int MAX_WORKFLOW_EVENTS = 30;

  private PodTransitions() {}

  /** Where a run was placed. */
  public record Placement(String host, String agentId, Map<String, Integer> ports) {
    public Placement {
      ports = Map.copyOf(ports);
    }
  }

  /**
   * The first record of an instance, about to be launched.
   *
   * @param run 1, or above any run that an instance of this name ever had
   * @param previousRun the last run before the instance was removed; 0 if it is new
   */
  public static PodRecord firstRun(
      long run, long previousRun, WorkflowStep step, long version, Checks checks, long now) {
    PodRecord.Builder pod =
        PodRecord.newBuilder()
            .setRun(run)
            .setDesiredRun(run)
            .setPreviousRun(previousRun)
            .setVersion(version)
            .setDesiredVersion(version)
            .setHealth(initialHealth(checks))
            .setReadiness(initialReadiness(checks));
    if (step.number() != 0) {
      takeInHand(pod, step, now);
    }
    return pod.build();
  }

  /** The intent to launch; written before Mesos is told. */
  public static PodRecord launched(
      PodRecord old, Placement placement, Containers containers, long now) {
    PodRecord.Builder pod =
        old.toBuilder()
            .setState(PodState.POD_STATE_LAUNCHED)
            .setHost(placement.host())
            .setAgentId(placement.agentId())
            .clearPorts()
            .putAllPorts(placement.ports())
            .setCreatedAt(now)
            .setMessage("Add hostname and ports")
            .setReason("REASON_UPDATE_OFFER");
    containers.launchInto(pod);
    return finish(pod, PodGoal.RUN, now);
  }

  /** The intent to kill; written before Mesos is told. */
  public static PodRecord killing(
      PodRecord old, TerminationStatus.Reason reason, String message, PodGoal goal, long now) {
    PodRecord.Builder pod =
        old.toBuilder()
            .setState(PodState.POD_STATE_KILLING)
            .setMessage(message)
            .setReason("")
            .setTermination(TerminationStatus.newBuilder().setReason(reason));
    if (goal != PodGoal.RUN) {
      pod.setDesiredHost("");
    }
    return finish(pod, goal, now);
  }

  /** The intent to have a pod make way; written before Mesos is told. */
  public static PodRecord evicting(PodRecord old, Eviction why, PodGoal goal, long now) {
    PodRecord.Builder pod =
        old.toBuilder()
            .setState(PodState.POD_STATE_PREEMPTING)
            .setMessage("evicting running task")
            .setReason(why.reason())
            .setTermination(TerminationStatus.newBuilder().setReason(why.termination()));
    if (why == Eviction.HOST_MAINTENANCE) {
      pod.setDesiredHost("");
    }
    return finish(pod, goal, now);
  }

  /** The end of a run that no task was made for. */
  public static PodRecord endedUnlaunched(
      PodRecord old, String message, WorkflowStep step, PodGoal goal, long now) {
    PodRecord.Builder pod =
        old.toBuilder()
            .setState(PodState.POD_STATE_KILLED)
            .setCompletedAt(now)
            .setMessage(message)
            .setReason("")
            .setTermination(
                TerminationStatus.newBuilder()
                    .setReason(
                        TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_ON_REQUEST))
            .setDesiredHost("");
    settle(pod, step, goal, now);
    return finish(pod, goal, now);
  }

  /** The next run of a pod whose run is over, or the same run moved to another version. */
  public static PodRecord nextRun(
      PodRecord old, long version, Checks checks, String message, long now) {
    boolean sameRun = PodPhase.of(old) == PodPhase.WAITING;
    long run = Math.max(sameRun ? old.getRun() : old.getRun() + 1, old.getDesiredRun());
    PodRecord.Builder pod =
        PodRecord.newBuilder()
            .setRun(run)
            .setDesiredRun(run)
            .setPreviousRun(sameRun ? old.getPreviousRun() : old.getRun())
            .setState(PodState.POD_STATE_PENDING)
            .setVersion(version)
            .setDesiredVersion(version)
            .setFailureCount(old.getFailureCount())
            .setHealth(initialHealth(checks))
            .setReadiness(initialReadiness(checks))
            .setDesiredHost(old.getDesiredHost())
            .setWorkflow(old.getWorkflow())
            .setMark(old.getMark())
            .addAllWorkflowEvents(old.getWorkflowEventsList())
            .setStartedBy(old.getStartedBy())
            .setRevision(old.getRevision())
            .setMessage(message);
    if (sameRun) {
      pod.addAllEvents(old.getEventsList());
    }
    return finish(pod, PodGoal.RUN, now);
  }

  /**
   * A workflow takes the pod in hand: a new target, and unless it only restarts, a clean count of
   * failures.
   */
  public static PodRecord touched(
      PodRecord old, WorkflowStep step, PodGoal goal, String desiredHost, long now) {
    PodRecord.Builder pod =
        old.toBuilder()
            .setDesiredVersion(step.version())
            .setNotBefore(0)
            .setDesiredHost(desiredHost);
    if (step.kind() != WorkflowStep.Kind.RESTART) {
      pod.setFailureCount(0);
    }
    takeInHand(pod, step, now);
    if (goal == PodGoal.STOP && PodPhase.of(old) == PodPhase.ENDED) {
      // Nothing runs and nothing shall: the next run, whenever it comes, takes the new version.
      pod.setVersion(step.version());
    }
    settle(pod, step, goal, now);
    return finish(pod, goal, now);
  }

  /**
   * A pod whose run is over was stopped while a workflow has it in hand: the workflow has nothing
   * to wait for. The record itself in any other case.
   */
  public static PodRecord rested(PodRecord old, WorkflowStep step, PodGoal goal, long now) {
    if (goal != PodGoal.STOP
        || PodPhase.of(old) != PodPhase.ENDED
        || old.getMark() != WorkflowMark.WORKFLOW_MARK_CURRENT
        || !step.concerns(old)) {
      return old;
    }
    PodRecord.Builder pod = old.toBuilder().setVersion(step.version());
    settle(pod, step, goal, now);
    return finish(pod, goal, now);
  }

  /** A client asked for another run. */
  public static PodRecord withDesiredRun(PodRecord old, long run, PodGoal goal, long now) {
    return finish(old.toBuilder().setDesiredRun(run), goal, now);
  }

  /**
   * The record without the events of this run up to and including a moment; the record itself if it
   * has none.
   */
  public static PodRecord withoutEvents(PodRecord old, long until, long now) {
    List<PodEventRecord> younger =
        old.getEventsList().stream().filter(event -> event.getAt() > until).toList();
    return younger.size() == old.getEventsCount()
        ? old
        : old.toBuilder()
            .clearEvents()
            .addAllEvents(younger)
            .setRevision(old.getRevision() + 1)
            .setUpdatedAt(now)
            .build();
  }

  /** What the agent said of the task; the record itself if it says nothing new. */
  public static PodRecord reported(
      PodRecord old,
      TaskReport report,
      WorkflowStep step,
      PodGoal goal,
      Backoff backoff,
      long now) {
    PodPhase phase = PodPhase.of(old);
    if (!phase.mayHaveTask() || report.saysLaunchedTwice()) {
      return old;
    }
    return switch (report.kind()) {
      case STAGING -> reached(old, report, goal, now);
      case STARTING -> starting(reached(old, report, goal, now), report, goal, now);
      case RUNNING -> running(old, report, step, goal, now);
      case KILLING -> old;
      case UNREACHABLE -> unreachable(old, report, step, goal, backoff, now);
      case FINISHED, FAILED, KILLED, LOST -> ended(old, report, step, goal, backoff, now);
    };
  }

  /**
   * A run that is being killed is over if its agent cannot be reached: whatever comes back of it is
   * killed then. Any other waits for its agent for a while.
   */
  private static PodRecord unreachable(
      PodRecord old,
      TaskReport report,
      WorkflowStep step,
      PodGoal goal,
      Backoff backoff,
      long now) {
    if (PodPhase.of(old) == PodPhase.KILLING) {
      return ended(old, report, step, goal, backoff, now);
    }
    if (old.getUnreachableSince() != 0) {
      return old;
    }
    PodRecord.Builder pod =
        old.toBuilder()
            .setUnreachableSince(now)
            .setMessage("Task unreachable: " + report.message())
            .setReason(report.reason());
    return finish(pod, goal, now);
  }

  /** An agent speaks again of a task that lives; the record itself if it never was silent. */
  static PodRecord reached(PodRecord old, TaskReport report, PodGoal goal, long now) {
    return old.getUnreachableSince() == 0
        ? old
        : finish(
            old.toBuilder()
                .setUnreachableSince(0)
                .setMessage(report.message())
                .setReason(report.reason()),
            goal,
            now);
  }

  /** A run that has just ended, with the start of the job after which its wait began. */
  public static PodRecord waitingSince(PodRecord ended, long desiredStateVersion) {
    return ended.getNotBefore() == 0
        ? ended
        : ended.toBuilder().setWaitsSince(desiredStateVersion).build();
  }

  private static PodRecord starting(PodRecord old, TaskReport report, PodGoal goal, long now) {
    if (old.getState() != PodState.POD_STATE_LAUNCHED) {
      return old;
    }
    PodRecord.Builder pod =
        old.toBuilder()
            .setState(PodState.POD_STATE_STARTING)
            .setMessage(report.message())
            .setReason("");
    return finish(pod, goal, now);
  }

  private static PodRecord running(
      PodRecord old, TaskReport report, WorkflowStep step, PodGoal goal, long now) {
    if (PodPhase.of(old) == PodPhase.KILLING) {
      return old;
    }
    boolean first = old.getState() != PodState.POD_STATE_RUNNING;
    boolean back = old.getUnreachableSince() != 0;
    HealthState health = health(old, report);
    HealthState readiness = readiness(old, report);
    boolean unhealthyAgain =
        report.healthy().isPresent() && health == HealthState.HEALTH_STATE_UNHEALTHY;
    boolean moved = readiness != old.getReadiness();
    if (!first && !back && !moved && health == old.getHealth() && !unhealthyAgain) {
      return old;
    }
    PodRecord.Builder pod =
        old.toBuilder()
            .setState(PodState.POD_STATE_RUNNING)
            .setHealth(health)
            .setReadiness(readiness)
            .setUnreachableSince(0)
            .setMessage(report.message())
            .setReason(report.healthy().isPresent() || moved || back ? report.reason() : "");
    if (first) {
      pod.setStartedAt(now).setDesiredHost("");
    }
    settle(pod, step, goal, now);
    return finish(pod, goal, now);
  }

  private static PodRecord ended(
      PodRecord old,
      TaskReport report,
      WorkflowStep step,
      PodGoal goal,
      Backoff backoff,
      long now) {
    boolean stopped = goal != PodGoal.RUN;
    boolean replaced =
        old.getDesiredVersion() != old.getVersion() || old.getDesiredRun() > old.getRun();
    PodState state =
        switch (report.kind()) {
          case FINISHED -> PodState.POD_STATE_SUCCEEDED;
          case FAILED -> PodState.POD_STATE_FAILED;
          case KILLED -> PodState.POD_STATE_KILLED;
          // A kill whose end nobody saw is still a kill.
          default -> stopped ? PodState.POD_STATE_KILLED : PodState.POD_STATE_LOST;
        };
    // An end that we asked for is no failure, whatever the goal has become meanwhile.
    boolean asked = PodPhase.of(old) == PodPhase.KILLING && !old.getCollapsed();
    boolean unexpected = !stopped && !replaced && !asked;
    boolean counts = unexpected && state != PodState.POD_STATE_LOST;
    int failures = old.getFailureCount() + (counts ? 1 : 0);
    PodRecord.Builder pod =
        old.toBuilder()
            .setState(state)
            .setCompletedAt(now)
            .setFailureCount(failures)
            .setMessage(message(report, state, stopped))
            .setReason(
                state == PodState.POD_STATE_FAILED || state == PodState.POD_STATE_LOST
                    ? report.reason()
                    : "");
    pod.setUnreachableSince(0).setReadiness(HealthState.HEALTH_STATE_INVALID);
    if (old.getHealth() != HealthState.HEALTH_STATE_DISABLED) {
      pod.setHealth(HealthState.HEALTH_STATE_INVALID);
    }
    if (state == PodState.POD_STATE_FAILED || state == PodState.POD_STATE_LOST) {
      pod.setDesiredHost("");
    }
    termination(pod, report, state);
    takeBackSuccess(pod, old, step, now);
    if (unexpected) {
      long wait = backoff.nanosAfter(failures);
      pod.setNotBefore(wait == 0 ? 0 : now + wait);
    }
    settle(pod, step, goal, now);
    return finish(pod, goal, now);
  }

  private static String message(TaskReport report, PodState state, boolean stopped) {
    boolean lost =
        report.kind() == TaskReport.Kind.LOST || report.kind() == TaskReport.Kind.UNREACHABLE;
    if (!lost) {
      return report.message();
    }
    return (stopped && state == PodState.POD_STATE_KILLED
            ? "Stopped task LOST event: "
            : "Task LOST: ")
        + (report.message().isEmpty() ? report.reason() : report.message());
  }

  private static void termination(PodRecord.Builder pod, TaskReport report, PodState state) {
    switch (state) {
      case POD_STATE_FAILED -> {
        TerminationStatus.Builder termination =
            TerminationStatus.newBuilder()
                .setReason(TerminationStatus.Reason.TERMINATION_STATUS_REASON_FAILED)
                .setSignal(report.signal());
        report.exitCode().ifPresent(termination::setExitCode);
        pod.setTermination(termination);
      }
      case POD_STATE_SUCCEEDED -> pod.clearTermination();
      default -> {
        // KILLED and LOST keep the intent that was recorded with the kill, if there was one.
        if (!report.signal().isEmpty() && pod.hasTermination()) {
          pod.getTerminationBuilder().setSignal(report.signal());
        }
      }
    }
  }

  private static HealthState health(PodRecord old, TaskReport report) {
    if (old.getHealth() == HealthState.HEALTH_STATE_DISABLED || report.healthy().isEmpty()) {
      return old.getHealth();
    }
    return report.healthy().get()
        ? HealthState.HEALTH_STATE_HEALTHY
        : HealthState.HEALTH_STATE_UNHEALTHY;
  }

  private static HealthState readiness(PodRecord old, TaskReport report) {
    if (old.getReadiness() == HealthState.HEALTH_STATE_INVALID || report.ready().isEmpty()) {
      return old.getReadiness();
    }
    return report.ready().get()
        ? HealthState.HEALTH_STATE_HEALTHY
        : HealthState.HEALTH_STATE_UNHEALTHY;
  }

  private static HealthState initialHealth(Checks checks) {
    return checks.liveness() ? HealthState.HEALTH_STATE_UNKNOWN : HealthState.HEALTH_STATE_DISABLED;
  }

  private static HealthState initialReadiness(Checks checks) {
    return checks.readiness() ? HealthState.HEALTH_STATE_UNKNOWN : HealthState.HEALTH_STATE_INVALID;
  }

  /**
   * How far the workflow got: done, failed, or still at it. Failed is final, and so is done once
   * the pod has settled.
   */
  private static void settle(PodRecord.Builder pod, WorkflowStep step, PodGoal goal, long now) {
    if (step.number() == 0
        || pod.getWorkflow() != step.number()
        || pod.getMark() != WorkflowMark.WORKFLOW_MARK_CURRENT
        || pod.getDesiredVersion() != step.version()) {
      return;
    }
    boolean runs = pod.getVersion() == step.version() && Availability.serves(pod);
    boolean rests = goal == PodGoal.STOP && PodPhase.of(pod.getState()) == PodPhase.ENDED;
    if (runs || rests) {
      pod.setMark(WorkflowMark.WORKFLOW_MARK_DONE);
      addWorkflowEvent(pod, step, WorkflowState.WORKFLOW_STATE_SUCCEEDED, now);
    } else if (step.maxRetries() != 0
        && Integer.compareUnsigned(pod.getFailureCount(), step.maxRetries()) >= 0) {
      pod.setMark(WorkflowMark.WORKFLOW_MARK_FAILED);
      addWorkflowEvent(pod, step, WorkflowState.WORKFLOW_STATE_FAILED, now);
    }
  }

  private static void takeInHand(PodRecord.Builder pod, WorkflowStep step, long now) {
    pod.setWorkflow(step.number()).setMark(WorkflowMark.WORKFLOW_MARK_CURRENT);
    if (step.starts()) {
      pod.setStartedBy(step.number());
    }
    addWorkflowEvent(
        pod,
        step,
        step.kind() == WorkflowStep.Kind.ROLLBACK
            ? WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD
            : WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD,
        now);
  }

  /** The last record of an instance that a workflow removed. */
  public static PodRecord removed(PodRecord old, WorkflowStep step, long now) {
    if (!step.concerns(old)) {
      return old;
    }
    PodRecord.Builder pod = old.toBuilder().setMark(WorkflowMark.WORKFLOW_MARK_DONE);
    addWorkflowEvent(pod, step, WorkflowState.WORKFLOW_STATE_SUCCEEDED, now);
    return pod.build();
  }

  private static void addWorkflowEvent(
      PodRecord.Builder pod, WorkflowStep step, WorkflowState state, long now) {
    while (pod.getWorkflowEventsCount() >= MAX_WORKFLOW_EVENTS) {
      pod.removeWorkflowEvents(0);
    }
    pod.addWorkflowEvents(
        WorkflowEventRecord.newBuilder().setState(state).setAt(now).setWorkflow(step.number()));
  }

  /** A pod that ends before it has settled was counted as done too early. */
  static void takeBackSuccess(PodRecord.Builder pod, PodRecord old, WorkflowStep step, long now) {
    if (step.concerns(old)
        && old.getMark() == WorkflowMark.WORKFLOW_MARK_DONE
        && now < step.settlesAt(old)) {
      pod.setMark(WorkflowMark.WORKFLOW_MARK_CURRENT);
      forgetSuccess(pod, step);
    }
  }

  /** Its event goes, too. */
  private static void forgetSuccess(PodRecord.Builder pod, WorkflowStep step) {
    int last = pod.getWorkflowEventsCount() - 1;
    if (last >= 0
        && pod.getWorkflowEvents(last).getWorkflow() == step.number()
        && pod.getWorkflowEvents(last).getState() == WorkflowState.WORKFLOW_STATE_SUCCEEDED) {
      pod.removeWorkflowEvents(last);
    }
  }

  /** A change that shows in a container only and is no event of the pod's. */
  static PodRecord changedWithin(PodRecord old, PodRecord changed, long now) {
    return changed.equals(old)
        ? old
        : changed.toBuilder().setRevision(old.getRevision() + 1).setUpdatedAt(now).build();
  }

  static PodRecord finish(PodRecord.Builder pod, PodGoal goal, long now) {
    if (pod.getEventsCount() >= MAX_EVENTS) {
      List<PodEventRecord> newest =
          List.copyOf(
              pod.getEventsList()
                  .subList(pod.getEventsCount() - MAX_EVENTS + 1, pod.getEventsCount()));
      pod.clearEvents().addAllEvents(newest);
    }
    pod.setRevision(pod.getRevision() + 1).setUpdatedAt(now);
    return pod.addEvents(
            PodEventRecord.newBuilder()
                .setState(pod.getState())
                .setGoal(apiGoal(goal))
                .setAt(now)
                .setVersion(pod.getVersion())
                .setDesiredVersion(pod.getDesiredVersion())
                .setMessage(pod.getMessage())
                .setReason(pod.getReason())
                .setHealth(pod.getHealth())
                .setDesiredRun(pod.getDesiredRun()))
        .build();
  }

  private static PodState apiGoal(PodGoal goal) {
    return switch (goal) {
      case RUN -> PodState.POD_STATE_RUNNING;
      case STOP -> PodState.POD_STATE_KILLED;
      case REMOVE -> PodState.POD_STATE_DELETED;
    };
  }
}
