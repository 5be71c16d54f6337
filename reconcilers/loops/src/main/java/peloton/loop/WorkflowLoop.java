package peloton.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.desired.job.EffectivePods;
import peloton.desired.pod.WantedPods;
import peloton.pod.PodGoal;
import peloton.pod.PodPhase;
import peloton.pod.PodTransitions;
import peloton.pod.WorkflowStep;
import peloton.records.PodRecord;
import peloton.records.WorkflowEventRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.Timers;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;
import peloton.workflow.InstanceRanges;
import peloton.workflow.VersionMarkers;
import peloton.workflow.WorkflowAction;
import peloton.workflow.WorkflowDecider;
import peloton.workflow.WorkflowPlan;
import peloton.workflow.WorkflowView;

/** Drives the workflows of a job: carries out what {@link WorkflowDecider} says. */
final class WorkflowLoop {
  private static final Logger log = LoggerFactory.getLogger(WorkflowLoop.class);

  /** How long to wait for the way back before it is asked for again. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

  private final Desk desk;
  private final LoopSettings settings;
  private final Rollbacks rollbacks;
  private final Timers timers;
  private final Consumer<Runnable> later;
  private final Consumer<String> wake;

  /**
   * Workflows of all jobs.
   *
   * @param later runs a task on the control thread
   * @param wake has a job looked at again; to be called on the control thread
   */
  WorkflowLoop(
      Desk desk,
      LoopSettings settings,
      Rollbacks rollbacks,
      Timers timers,
      Consumer<Runnable> later,
      Consumer<String> wake) {
    this.desk = desk;
    this.settings = settings;
    this.rollbacks = rollbacks;
    this.timers = timers;
    this.later = later;
    this.wake = wake;
  }

  /** Takes up a job's rolling workflow where its records say that it stands. */
  void adopt(JobRuntime job) {
    JobEntry entry = job.entry();
    if (entry.goal() == null) {
      return;
    }
    WorkflowRequestRecord request = entry.workflowRequests().get(entry.goal().getWorkflow());
    WorkflowStatusRecord status = entry.workflowStatuses().get(entry.goal().getWorkflow());
    if (request != null && status != null && hasPlan(status) && !terminal(status)) {
      job.progress(progress(request, status, entry));
    }
  }

  private WorkflowProgress progress(
      WorkflowRequestRecord request, WorkflowStatusRecord status, JobEntry entry) {
    return WorkflowProgress.of(request, step(request, status), status, entry, desk.now());
  }

  private WorkflowStep step(WorkflowRequestRecord request, WorkflowStatusRecord status) {
    WorkflowStep.Kind kind =
        request.getType() == WorkflowType.WORKFLOW_TYPE_RESTART
            ? WorkflowStep.Kind.RESTART
            : VersionMarkers.rollsBack(status)
                ? WorkflowStep.Kind.ROLLBACK
                : WorkflowStep.Kind.UPDATE;
    return new WorkflowStep(
        request.getNumber(),
        VersionMarkers.target(request, status),
        kind,
        WantedPods.starts(request),
        request.getUpdateSpec().getMaxInstanceRetries(),
        settings.settleTime().toNanos());
  }

  /** Takes every step that can be taken now; says whether there was one. */
  boolean advance(JobRuntime job) {
    boolean stepped = false;
    JobEntry entry = job.entry();
    forgetPruned(entry);
    for (WorkflowRequestRecord request : List.copyOf(entry.workflowRequests().values())) {
      WorkflowStatusRecord status = entry.workflowStatuses().get(request.getNumber());
      if (status != null && terminal(status)) {
        continue;
      }
      if (request.getNumber() > entry.goal().getWorkflow()) {
        continue;
      }
      while (step(job, request)) {
        stepped = true;
      }
    }
    return stepped;
  }

  private boolean step(JobRuntime job, WorkflowRequestRecord request) {
    JobEntry entry = job.entry();
    Optional<WorkflowStatusRecord> status =
        Optional.ofNullable(entry.workflowStatuses().get(request.getNumber()));
    boolean superseded = request.getNumber() < entry.goal().getWorkflow();
    WorkflowProgress progress = superseded ? null : job.progress();
    WorkflowAction action =
        WorkflowDecider.decide(
            new WorkflowView(
                status.map(WorkflowStatusRecord::getState),
                status
                    .map(WorkflowStatusRecord::getPreviousState)
                    .orElse(WorkflowState.WORKFLOW_STATE_INVALID),
                request.getCommand(),
                superseded || PodFacts.deleted(entry),
                batchSize(request),
                request.getUpdateSpec().getMaxTolerableInstanceFailures(),
                wayBack(entry, request),
                progress == null ? 0 : progress.waiting(),
                progress == null ? 0 : takeable(job, progress).cardinality(),
                progress == null ? 0 : progress.current(),
                progress == null ? 0 : progress.failed()));
    if (action instanceof WorkflowAction.Enter enter) {
      enter(job, request, status, enter.state());
    } else if (action instanceof WorkflowAction.BeginRolling) {
      beginRolling(job, request, status.orElseThrow());
    } else if (action instanceof WorkflowAction.BeginRollback) {
      beginRollback(job, request, status.orElseThrow());
    } else if (action instanceof WorkflowAction.AskForRollback) {
      askForRollback(job, progress);
      return false;
    } else if (action instanceof WorkflowAction.Touch touch) {
      takeable(job, progress).stream()
          .limit(touch.instances())
          .forEach(instance -> touch(job, progress, instance));
    } else {
      return false;
    }
    return true;
  }

  /** The instances that may be touched now without too many of the job being unavailable. */
  private static BitSet takeable(JobRuntime job, WorkflowProgress progress) {
    int bound = job.entry().currentSpec().getSla().getMaximumUnavailableInstances();
    long budget =
        bound == 0
            ? Integer.MAX_VALUE
            : Integer.toUnsignedLong(bound) - job.availabilities().unavailableCount();
    return progress.takeable(
        job.availabilities(), (int) Math.max(0, Math.min(Integer.MAX_VALUE, budget)));
  }

  /** Creations and restarts have nothing to go back to. */
  private static WorkflowView.WayBack wayBack(JobEntry job, WorkflowRequestRecord request) {
    if (request.getRollbackVersion() != 0) {
      return job.spec(request.getRollbackVersion()) == null
          ? WorkflowView.WayBack.WANTED
          : WorkflowView.WayBack.READY;
    }
    return request.getType() == WorkflowType.WORKFLOW_TYPE_UPDATE
            && request.getUpdateSpec().getRollbackOnFailure()
            && job.spec(request.getPreviousVersion()) != null
        ? WorkflowView.WayBack.WANTED
        : WorkflowView.WayBack.NONE;
  }

  private static int batchSize(WorkflowRequestRecord request) {
    return request.getType() == WorkflowType.WORKFLOW_TYPE_RESTART
        ? request.getRestartSpec().getBatchSize()
        : request.getUpdateSpec().getBatchSize();
  }

  private void beginRolling(
      JobRuntime job, WorkflowRequestRecord request, WorkflowStatusRecord status) {
    roll(
        job,
        request,
        status,
        plan(job, request, request.getVersion()),
        WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD);
  }

  private void beginRollback(
      JobRuntime job, WorkflowRequestRecord request, WorkflowStatusRecord status) {
    roll(
        job,
        request,
        status,
        plan(job, request, request.getRollbackVersion()),
        WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD);
    // What the way forward admitted and nobody launched is not wanted any more.
    job.markAllDirty();
  }

  private void roll(
      JobRuntime job,
      WorkflowRequestRecord request,
      WorkflowStatusRecord status,
      WorkflowPlan plan,
      WorkflowState state) {
    WorkflowStatusRecord.Builder planned =
        status.toBuilder()
            .clearAdded()
            .addAllAdded(plan.added())
            .clearUpdated()
            .addAllUpdated(plan.updated())
            .clearRemoved()
            .addAllRemoved(plan.removed());
    WorkflowStatusRecord rolling = moved(planned, state).build();
    desk.change()
        .put(new RecordKey.WorkflowStatus(job.id(), request.getNumber()), rolling)
        .commit();
    job.progress(progress(request, rolling, job.entry()));
    log.info(
        "job {} workflow {} is {}: {} added, {} updated, {} removed",
        job.id(),
        request.getNumber(),
        state,
        InstanceRanges.size(plan.added()),
        InstanceRanges.size(plan.updated()),
        InstanceRanges.size(plan.removed()));
  }

  private void askForRollback(JobRuntime job, WorkflowProgress progress) {
    if (progress.rollbackAsked()) {
      return;
    }
    progress.rollbackAsked(true);
    long number = progress.request().getNumber();
    log.info("job {} workflow {} failed and is to be rolled back", job.id(), number);
    rollbacks
        .rollBack(job.id(), number)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                log.warn("the rollback of job {} cannot be written yet", job.id(), failure);
              }
              timers.schedule(
                  ASK_AGAIN,
                  () ->
                      later.accept(
                          () -> {
                            progress.rollbackAsked(false);
                            wake.accept(job.id());
                          }));
            });
  }

  private static WorkflowPlan plan(JobRuntime job, WorkflowRequestRecord request, long version) {
    JobEntry entry = job.entry();
    int count = entry.spec(version).getInstanceCount();
    EffectivePods target = job.specs(version);
    if (request.getType() == WorkflowType.WORKFLOW_TYPE_RESTART) {
      return WorkflowPlan.forRestart(count, request.getRestartSpec().getRangesList());
    }
    Map<Long, IntPredicate> differences = new HashMap<>();
    return WorkflowPlan.forUpdate(
        entry.pods(),
        count,
        instance -> {
          PodRecord pod = entry.pods().get(instance);
          if (pod.getVersion() != pod.getDesiredVersion() || pod.getDesiredRun() > pod.getRun()) {
            return true;
          }
          EffectivePods from = job.specs(pod.getVersion());
          return from == null
              || differences
                  .computeIfAbsent(pod.getVersion(), v -> EffectivePods.difference(from, target))
                  .test(instance);
        });
  }

  /** Takes one instance in hand. */
  private void touch(JobRuntime job, WorkflowProgress progress, int instance) {
    progress.take(instance);
    job.markDirty(instance);
    PodRecord pod = job.entry().pods().get(instance);
    PodGoal goal;
    if (pod == null) {
      progress.admit(instance);
      goal = PodFacts.goal(job, instance);
    } else {
      WorkflowStep step = progress.step();
      // The goal under the new version: below the new count, or on its way out.
      PodRecord.Builder moved = pod.toBuilder().setDesiredVersion(step.version());
      if (step.starts()) {
        moved.setStartedBy(step.number());
      }
      goal = PodFacts.goal(job, instance, moved.build());
      String host = inPlace(progress.request()) ? sameHost(pod) : "";
      pod = PodTransitions.touched(pod, step, goal, host, desk.now());
      desk.change().put(new RecordKey.Pod(job.id(), instance), pod).commit();
    }
    // Known at once: it counts for how many more may be touched.
    PodFacts.observe(job, instance, goal, pod);
  }

  private static boolean inPlace(WorkflowRequestRecord request) {
    return request.getType() == WorkflowType.WORKFLOW_TYPE_RESTART
        ? request.getRestartSpec().getInPlace()
        : request.getUpdateSpec().getInPlace();
  }

  private static String sameHost(PodRecord pod) {
    return PodPhase.of(pod).mayHaveTask() ? pod.getHost() : pod.getDesiredHost();
  }

  private void enter(
      JobRuntime job,
      WorkflowRequestRecord request,
      Optional<WorkflowStatusRecord> status,
      WorkflowState state) {
    WorkflowStatusRecord.Builder next =
        status
            .map(WorkflowStatusRecord::toBuilder)
            .orElseGet(() -> WorkflowStatusRecord.newBuilder().setNumber(request.getNumber()));
    moved(next, state);
    boolean over = WorkflowDecider.isTerminal(state);
    boolean own =
        job.progress() != null && job.progress().request().getNumber() == request.getNumber();
    if (over) {
      next.setCompletedAt(desk.now());
      if (own) {
        next.setCompleted(job.progress().completed())
            .setFailed(job.progress().failed())
            .setRemaining(job.progress().waiting() + job.progress().current());
      }
    }
    desk.change()
        .put(new RecordKey.WorkflowStatus(job.id(), request.getNumber()), next.build())
        .commit();
    log.info("job {} workflow {} is {}", job.id(), request.getNumber(), state);
    if (over && own) {
      // What it admitted but nobody launched yet waits for the next workflow.
      job.progress(null);
      job.markAllDirty();
    }
  }

  private WorkflowStatusRecord.Builder moved(
      WorkflowStatusRecord.Builder status, WorkflowState state) {
    return status
        .setPreviousState(status.getState())
        .setState(state)
        .setUpdatedAt(desk.now())
        .addEvents(WorkflowEventRecord.newBuilder().setState(state).setAt(desk.now()));
  }

  /** The API prunes old requests; their statuses follow. */
  private void forgetPruned(JobEntry entry) {
    List<Long> pruned = new ArrayList<>();
    for (long number : entry.workflowStatuses().keySet()) {
      if (number < entry.goal().getWorkflow() && !entry.workflowRequests().containsKey(number)) {
        pruned.add(number);
      }
    }
    for (long number : pruned) {
      desk.change().delete(new RecordKey.WorkflowStatus(entry.id(), number)).commit();
    }
  }

  private static boolean terminal(WorkflowStatusRecord status) {
    return WorkflowDecider.isTerminal(status.getState());
  }

  private static boolean hasPlan(WorkflowStatusRecord status) {
    return status.getEventsList().stream()
        .anyMatch(event -> WorkflowDecider.isRolling(event.getState()));
  }
}
