package peloton.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.desired.job.EffectivePods;
import peloton.pod.PodGoal;
import peloton.pod.PodPhase;
import peloton.pod.PodTransitions;
import peloton.records.PodRecord;
import peloton.records.WorkflowEventRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;
import peloton.workflow.InstanceRanges;
import peloton.workflow.WorkflowAction;
import peloton.workflow.WorkflowDecider;
import peloton.workflow.WorkflowPlan;
import peloton.workflow.WorkflowView;

/** Drives the workflows of a job: carries out what {@link WorkflowDecider} says. */
final class WorkflowLoop {
  private static final Logger log = LoggerFactory.getLogger(WorkflowLoop.class);

  private final Desk desk;
  private final LoopSettings settings;

  WorkflowLoop(Desk desk, LoopSettings settings) {
    this.desk = desk;
    this.settings = settings;
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
    return WorkflowProgress.of(request, status, entry, settings.settleTime(), desk.now());
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
                progress == null ? 0 : progress.waiting(),
                progress == null ? 0 : progress.current(),
                progress == null ? 0 : progress.failed()));
    if (action instanceof WorkflowAction.Enter enter) {
      enter(job, request, status, enter.state());
    } else if (action instanceof WorkflowAction.BeginRolling) {
      beginRolling(job, request, status.orElseThrow());
    } else if (action instanceof WorkflowAction.Touch touch) {
      for (int i = 0; i < touch.instances(); i++) {
        touch(job, progress);
      }
    } else {
      return false;
    }
    return true;
  }

  private static int batchSize(WorkflowRequestRecord request) {
    return request.getType() == WorkflowType.WORKFLOW_TYPE_RESTART
        ? request.getRestartSpec().getBatchSize()
        : request.getUpdateSpec().getBatchSize();
  }

  private void beginRolling(
      JobRuntime job, WorkflowRequestRecord request, WorkflowStatusRecord status) {
    WorkflowPlan plan = plan(job, request);
    WorkflowStatusRecord rolling =
        moved(
                status.toBuilder()
                    .addAllAdded(plan.added())
                    .addAllUpdated(plan.updated())
                    .addAllRemoved(plan.removed()),
                WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD)
            .build();
    desk.change()
        .put(new RecordKey.WorkflowStatus(job.id(), request.getNumber()), rolling)
        .commit();
    job.progress(progress(request, rolling, job.entry()));
    log.info(
        "job {} workflow {} rolls: {} added, {} updated, {} removed",
        job.id(),
        request.getNumber(),
        InstanceRanges.size(plan.added()),
        InstanceRanges.size(plan.updated()),
        InstanceRanges.size(plan.removed()));
  }

  private static WorkflowPlan plan(JobRuntime job, WorkflowRequestRecord request) {
    JobEntry entry = job.entry();
    int count = entry.spec(request.getVersion()).getInstanceCount();
    EffectivePods target = job.specs(request.getVersion());
    if (request.getType() == WorkflowType.WORKFLOW_TYPE_RESTART) {
      return WorkflowPlan.forUpdate(entry.pods(), count, instance -> inRanges(request, instance));
    }
    Map<Long, IntPredicate> differences = new java.util.HashMap<>();
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

  private static boolean inRanges(WorkflowRequestRecord request, int instance) {
    return request.getRestartSpec().getRangesCount() == 0
        || request.getRestartSpec().getRangesList().stream()
            .anyMatch(range -> instance >= range.getFrom() && instance < range.getTo());
  }

  /** Takes one instance in hand. */
  private void touch(JobRuntime job, WorkflowProgress progress) {
    int instance = progress.take();
    PodRecord pod = job.entry().pods().get(instance);
    if (pod == null) {
      progress.admit(instance);
      job.markDirty(instance);
      return;
    }
    PodName name = new PodName(job.id(), instance);
    boolean inPlace = progress.request().getUpdateSpec().getInPlace();
    boolean hasHost = inPlace && PodPhase.of(pod).mayHaveTask();
    String host = !inPlace ? "" : hasHost ? pod.getHost() : pod.getDesiredHost();
    // The goal under the new version: below the new count, or on its way out.
    PodRecord moved = pod.toBuilder().setDesiredVersion(progress.request().getVersion()).build();
    desk.remember(new RecordKey.Pod(name.job(), instance), moved);
    PodGoal goal = PodFacts.goal(job.entry(), instance);
    PodRecord touched = PodTransitions.touched(pod, progress.step(), goal, host, desk.now());
    desk.change().put(new RecordKey.Pod(name.job(), instance), touched).commit();
    job.markDirty(instance);
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
