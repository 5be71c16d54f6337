package peloton.pod;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import peloton.api.ids.TaskId;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.records.ContainerRecord;
import peloton.records.PodRecord;

/**
 * What becomes of a run whose containers are tasks of their own: from what Mesos says of one task
 * follows what the container does, and from all containers what the pod does. Pure, as {@link
 * PodTransitions}.
 *
 * <ul>
 *   <li>The pod is RUNNING when all its containers run; a container that has ended with success
 *       counts as one that runs as long as another does.
 *   <li>A container that ends otherwise, or the last one that ends, ends the pod: what is left of
 *       it is killed. The pod has ended when all its tasks have.
 *   <li>It has then FAILED if one of its containers has, else it is LOST if one is, else SUCCEEDED
 *       if all did, else KILLED.
 * </ul>
 */
public final class GroupTransitions {
  private GroupTransitions() {}

  /** What was said of one task of the run; the record itself if that is nothing new. */
  public static PodRecord reported(
      PodRecord old,
      TaskId task,
      TaskReport report,
      WorkflowStep step,
      PodGoal goal,
      Backoff backoff,
      long now) {
    Optional<ContainerRecord> container = find(old, task);
    if (!PodPhase.of(old).mayHaveTask()
        || container.filter(Stages::isLiving).isEmpty()
        || report.saysLaunchedTwice()) {
      return old;
    }
    if (report.kind() == TaskReport.Kind.UNREACHABLE && PodPhase.of(old) != PodPhase.KILLING) {
      return PodTransitions.reported(old, report, step, goal, backoff, now);
    }
    ContainerRecord after = container(container.get(), report, now);
    PodRecord reached =
        Stages.isLiving(after) ? PodTransitions.reached(old, report, goal, now) : old;
    if (after.equals(container.get())) {
      return reached;
    }
    PodRecord.Builder pod = reached.toBuilder();
    set(pod, task, after);
    return follow(reached, pod.build(), Optional.of(report), step, goal, backoff, now);
  }

  /** The intent to launch the next stage; written before Mesos is told. */
  public static PodRecord stageLaunched(PodRecord old, int stage, PodGoal goal, long now) {
    PodRecord.Builder pod = old.toBuilder();
    Stages.launch(pod, stage);
    String what =
        stage < old.getInitContainersCount()
            ? "Init container " + name(old.getInitContainers(stage)) + " launched"
            : "Init containers have completed, containers launched";
    return PodTransitions.finish(pod.setMessage(what).setReason(""), goal, now);
  }

  /** The launch of a stage came to nothing before Mesos heard of it. */
  public static PodRecord stageNotLaunched(
      PodRecord old, int stage, WorkflowStep step, PodGoal goal, Backoff backoff, long now) {
    PodRecord.Builder pod = old.toBuilder();
    Stages.takeBack(pod, stage);
    return follow(old, pod.build(), Optional.empty(), step, goal, backoff, now);
  }

  /** The whole run is lost: what lived of it counts as gone. */
  public static PodRecord lost(
      PodRecord old,
      TaskReport report,
      WorkflowStep step,
      PodGoal goal,
      Backoff backoff,
      long now) {
    PodRecord.Builder pod = old.toBuilder();
    Function<ContainerRecord, ContainerRecord> lose =
        container -> Stages.isLiving(container) ? container(container, report, now) : container;
    for (int i = 0; i < old.getInitContainersCount(); i++) {
      pod.setInitContainers(i, lose.apply(old.getInitContainers(i)));
    }
    for (int i = 0; i < old.getContainersCount(); i++) {
      pod.setContainers(i, lose.apply(old.getContainers(i)));
    }
    if (old.hasHolder()) {
      pod.setHolder(lose.apply(old.getHolder()));
    }
    return PodTransitions.reported(pod.build(), report, step, goal, backoff, now);
  }

  // ---- one container ---------------------------------------------------------------------

  private static ContainerRecord container(ContainerRecord old, TaskReport report, long now) {
    return switch (report.kind()) {
      case STAGING, KILLING -> old;
      case STARTING ->
          old.getState() == PodState.POD_STATE_LAUNCHED
              ? old.toBuilder()
                  .setState(PodState.POD_STATE_STARTING)
                  .setMessage(report.message())
                  .build()
              : old;
      case RUNNING -> running(old, report, now);
      case FINISHED -> ended(old, PodState.POD_STATE_SUCCEEDED, report, now);
      case FAILED -> ended(old, PodState.POD_STATE_FAILED, report, now);
      case KILLED -> ended(old, PodState.POD_STATE_KILLED, report, now);
      case UNREACHABLE, LOST -> ended(old, PodState.POD_STATE_LOST, report, now);
    };
  }

  private static ContainerRecord running(ContainerRecord old, TaskReport report, long now) {
    boolean first = old.getState() != PodState.POD_STATE_RUNNING;
    HealthState health =
        verdict(old.getHealth(), HealthState.HEALTH_STATE_DISABLED, report.healthy());
    HealthState readiness =
        verdict(old.getReadiness(), HealthState.HEALTH_STATE_INVALID, report.ready());
    if (!first && health == old.getHealth() && readiness == old.getReadiness()) {
      return old;
    }
    boolean checked = health != old.getHealth() || readiness != old.getReadiness();
    ContainerRecord.Builder container =
        old.toBuilder()
            .setState(PodState.POD_STATE_RUNNING)
            .setHealth(health)
            .setReadiness(readiness)
            .setMessage(report.message())
            .setReason(checked ? report.reason() : "");
    return (first ? container.setStartedAt(now) : container).build();
  }

  private static HealthState verdict(
      HealthState old, HealthState unchecked, Optional<Boolean> verdict) {
    if (old == unchecked || verdict.isEmpty()) {
      return old;
    }
    return verdict.get() ? HealthState.HEALTH_STATE_HEALTHY : HealthState.HEALTH_STATE_UNHEALTHY;
  }

  private static ContainerRecord ended(
      ContainerRecord old, PodState state, TaskReport report, long now) {
    ContainerRecord.Builder container =
        old.toBuilder()
            .setState(state)
            .setCompletedAt(now)
            .setMessage(report.message())
            .setReason(state == PodState.POD_STATE_SUCCEEDED ? "" : report.reason())
            .setReadiness(HealthState.HEALTH_STATE_INVALID);
    if (old.getHealth() != HealthState.HEALTH_STATE_DISABLED) {
      container.setHealth(HealthState.HEALTH_STATE_INVALID);
    }
    if (state != PodState.POD_STATE_SUCCEEDED) {
      TerminationStatus.Builder termination =
          TerminationStatus.newBuilder().setSignal(report.signal());
      report.exitCode().ifPresent(termination::setExitCode);
      if (state == PodState.POD_STATE_FAILED) {
        termination.setReason(TerminationStatus.Reason.TERMINATION_STATUS_REASON_FAILED);
      }
      container.setTermination(termination);
    }
    return container.build();
  }

  // ---- all of them -----------------------------------------------------------------------

  /** What follows for the pod from a change of its containers. */
  private static PodRecord follow(
      PodRecord old,
      PodRecord pod,
      Optional<TaskReport> report,
      WorkflowStep step,
      PodGoal goal,
      Backoff backoff,
      long now) {
    boolean living = all(pod).stream().anyMatch(Stages::isLiving);
    boolean killing = PodPhase.of(pod) == PodPhase.KILLING;
    boolean over = killing || isOver(pod);
    if (over && !living) {
      return PodTransitions.reported(pod, verdict(pod), step, goal, backoff, now);
    }
    if (over && !killing) {
      return collapsed(pod, step, goal, now);
    }
    PodRecord after = pod;
    if (!killing && report.isPresent()) {
      Optional<TaskReport> whole = whole(pod, report.get());
      if (whole.isPresent()) {
        after = PodTransitions.reported(pod, whole.get(), step, goal, backoff, now);
      }
    }
    return after != pod ? after : PodTransitions.changedWithin(old, pod, now);
  }

  /** Whether a container has ended in a way that ends the pod. */
  private static boolean isOver(PodRecord pod) {
    boolean ended =
        all(pod).stream()
            .filter(container -> PodPhase.of(container.getState()) == PodPhase.ENDED)
            .anyMatch(container -> isFatal(pod, container));
    return ended
        || pod.getContainersList().stream()
            .allMatch(container -> container.getState() == PodState.POD_STATE_SUCCEEDED);
  }

  /** The holder may end once the containers are launched, which then keep the executor. */
  private static boolean isFatal(PodRecord pod, ContainerRecord container) {
    boolean holder = pod.hasHolder() && container == pod.getHolder();
    return holder
        ? pod.getContainers(0).getState() == PodState.POD_STATE_PENDING
        : container.getState() != PodState.POD_STATE_SUCCEEDED;
  }

  private static PodRecord collapsed(PodRecord pod, WorkflowStep step, PodGoal goal, long now) {
    TaskReport cause = verdict(pod);
    PodRecord killing =
        PodTransitions.killing(
            pod,
            TerminationStatus.Reason.TERMINATION_STATUS_REASON_FAILED,
            cause.message(),
            goal,
            now);
    PodRecord.Builder collapsed = killing.toBuilder().setCollapsed(true);
    if (cause.kind() != TaskReport.Kind.FAILED) {
      collapsed.clearTermination();
    }
    PodTransitions.takeBackSuccess(collapsed, pod, step, now);
    return collapsed.build();
  }

  /** What all containers together say of a pod that begins or runs; empty if nothing. */
  private static Optional<TaskReport> whole(PodRecord pod, TaskReport report) {
    boolean allRun =
        pod.getContainersList().stream()
            .allMatch(
                container ->
                    container.getState() == PodState.POD_STATE_RUNNING
                        || container.getState() == PodState.POD_STATE_SUCCEEDED);
    if (!allRun) {
      return pod.getState() == PodState.POD_STATE_LAUNCHED
              && report.kind() != TaskReport.Kind.STAGING
          ? Optional.of(said(TaskReport.Kind.STARTING, report, Optional.empty(), Optional.empty()))
          : Optional.empty();
    }
    if (report.kind() != TaskReport.Kind.RUNNING && pod.getState() == PodState.POD_STATE_RUNNING) {
      return Optional.empty();
    }
    List<ContainerRecord> running =
        pod.getContainersList().stream().filter(Stages::isLiving).toList();
    Optional<Boolean> healthy =
        unanimous(running.stream().map(ContainerRecord::getHealth).toList());
    Optional<Boolean> ready =
        unanimous(running.stream().map(ContainerRecord::getReadiness).toList());
    boolean told =
        report.healthy().isPresent()
            || !healthy.map(GroupTransitions::state).equals(Optional.of(pod.getHealth()));
    return Optional.of(
        said(TaskReport.Kind.RUNNING, report, told ? healthy : Optional.empty(), ready));
  }

  private static HealthState state(boolean verdict) {
    return verdict ? HealthState.HEALTH_STATE_HEALTHY : HealthState.HEALTH_STATE_UNHEALTHY;
  }

  /** False if one container fails its check, true if all that have one pass it. */
  private static Optional<Boolean> unanimous(List<HealthState> verdicts) {
    if (verdicts.contains(HealthState.HEALTH_STATE_UNHEALTHY)) {
      return Optional.of(false);
    }
    return verdicts.contains(HealthState.HEALTH_STATE_HEALTHY)
            && !verdicts.contains(HealthState.HEALTH_STATE_UNKNOWN)
        ? Optional.of(true)
        : Optional.empty();
  }

  private static TaskReport said(
      TaskReport.Kind kind, TaskReport report, Optional<Boolean> healthy, Optional<Boolean> ready) {
    return new TaskReport(
        kind, report.message(), report.reason(), healthy, ready, OptionalInt.empty(), "");
  }

  /** How the pod ends, by how its containers did. */
  private static TaskReport verdict(PodRecord pod) {
    for (PodState state :
        List.of(PodState.POD_STATE_FAILED, PodState.POD_STATE_LOST, PodState.POD_STATE_KILLED)) {
      for (ContainerRecord container : all(pod)) {
        // A holder that was killed says nothing of what the containers came to.
        boolean counts = container != pod.getHolder() || state != PodState.POD_STATE_KILLED;
        if (container.getState() == state && counts) {
          return verdict(kind(state), container);
        }
      }
    }
    boolean all =
        pod.getContainersList().stream()
            .allMatch(container -> container.getState() == PodState.POD_STATE_SUCCEEDED);
    return all
        ? verdict(TaskReport.Kind.FINISHED, pod.getContainers(pod.getContainersCount() - 1))
        : new TaskReport(
            TaskReport.Kind.KILLED,
            "the pod was ended before its containers began",
            "",
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            "");
  }

  private static TaskReport verdict(TaskReport.Kind kind, ContainerRecord container) {
    int exitCode = container.getTermination().getExitCode();
    return new TaskReport(
        kind,
        "Container " + name(container) + ": " + container.getMessage(),
        container.getReason(),
        Optional.empty(),
        Optional.empty(),
        exitCode == 0 ? OptionalInt.empty() : OptionalInt.of(exitCode),
        container.getTermination().getSignal());
  }

  private static TaskReport.Kind kind(PodState state) {
    return switch (state) {
      case POD_STATE_FAILED -> TaskReport.Kind.FAILED;
      case POD_STATE_KILLED -> TaskReport.Kind.KILLED;
      default -> TaskReport.Kind.LOST;
    };
  }

  private static String name(ContainerRecord container) {
    return "\"" + container.getName() + "\"";
  }

  /** Every task of the run: containers first, in the order in which they begin. */
  private static List<ContainerRecord> all(PodRecord pod) {
    List<ContainerRecord> all = new ArrayList<>(pod.getInitContainersList());
    all.addAll(pod.getContainersList());
    if (pod.hasHolder()) {
      all.add(pod.getHolder());
    }
    return all;
  }

  private static Optional<ContainerRecord> find(PodRecord pod, TaskId task) {
    return switch (task.part()) {
      case POD -> Optional.empty();
      case INIT ->
          task.index() < pod.getInitContainersCount()
              ? Optional.of(pod.getInitContainers(task.index()))
              : Optional.empty();
      case MAIN ->
          task.index() < pod.getContainersCount()
              ? Optional.of(pod.getContainers(task.index()))
              : Optional.empty();
      case HOLDER -> pod.hasHolder() ? Optional.of(pod.getHolder()) : Optional.empty();
    };
  }

  private static void set(PodRecord.Builder pod, TaskId task, ContainerRecord container) {
    switch (task.part()) {
      case POD -> throw new IllegalArgumentException(task + " is not a task of a group");
      case INIT -> pod.setInitContainers(task.index(), container);
      case MAIN -> pod.setContainers(task.index(), container);
      case HOLDER -> pod.setHolder(container);
    }
  }
}
