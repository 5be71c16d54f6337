package peloton.operator.read;

import java.util.EnumMap;
import java.util.Map;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.desired.pod.WantedPods;
import peloton.records.PodRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.LastRuns;

/**
 * Instances that a job should have and that have no record, since they were never launched: KILLED
 * if they are not to run, else INITIALIZED, and PENDING once the job's workflow has begun.
 */
final class Unlaunched {
  private final JobEntry job;
  private final CurrentJob current;
  private final PodState waiting;

  Unlaunched(JobEntry job, CurrentJob current) {
    this.job = job;
    this.current = current;
    this.waiting =
        begun(job, current.goal().getWorkflow())
            ? PodState.POD_STATE_PENDING
            : PodState.POD_STATE_INITIALIZED;
  }

  PodState state(int instance) {
    return WantedPods.run(job, instance) ? waiting : PodState.POD_STATE_KILLED;
  }

  /** What stands for the record of an instance. Its run's number is the one that it will have. */
  PodRecord record(int instance, LastRuns lastRuns) {
    long version = current.goal().getConfigurationVersion();
    long run = lastRuns.next(job.id(), instance);
    return PodRecord.newBuilder()
        .setRun(run)
        .setDesiredRun(run)
        .setPreviousRun(lastRuns.of(job.id(), instance))
        .setState(state(instance))
        .setVersion(version)
        .setDesiredVersion(version)
        .setCreatedAt(current.goal().getCreatedAt())
        .build();
  }

  /** How many there are in each state; no zeros. */
  Map<PodState, Integer> counts() {
    Map<PodState, Integer> counts = new EnumMap<>(PodState.class);
    int wanted = current.spec().getInstanceCount();
    int all = Math.max(0, wanted - (job.pods().size() - beyond(wanted)));
    if (all == 0) {
      return counts;
    }
    int running = toRun(wanted, all);
    if (running > 0) {
      counts.put(waiting, running);
    }
    if (running < all) {
      counts.put(PodState.POD_STATE_KILLED, all - running);
    }
    return counts;
  }

  /** Without a look at each instance, unless pods of a stopped job were started one by one. */
  private int toRun(int wanted, int all) {
    if (current.goal().getStoppedBelow() != 0) {
      int running = 0;
      for (int instance = 0; instance < wanted; instance++) {
        if (job.pods().get(instance) == null && WantedPods.run(job, instance)) {
          running++;
        }
      }
      return running;
    }
    boolean usual = current.goal().getGoal() == JobState.JOB_STATE_RUNNING;
    int running = usual ? all : 0;
    for (int instance : job.podGoals().keySet()) {
      if (instance < wanted
          && job.pods().get(instance) == null
          && WantedPods.run(job, instance) != usual) {
        running += usual ? -1 : 1;
      }
    }
    return running;
  }

  private int beyond(int wanted) {
    int beyond = 0;
    for (int instance = wanted; instance < job.pods().bound(); instance++) {
      if (job.pods().get(instance) != null) {
        beyond++;
      }
    }
    return beyond;
  }

  private static boolean begun(JobEntry job, long workflow) {
    WorkflowStatusRecord status = job.workflowStatuses().get(workflow);
    WorkflowState state = status == null ? WorkflowState.WORKFLOW_STATE_INVALID : status.getState();
    return switch (state) {
      case WORKFLOW_STATE_ROLLING_FORWARD,
          WORKFLOW_STATE_ROLLING_BACKWARD,
          WORKFLOW_STATE_SUCCEEDED,
          WORKFLOW_STATE_ROLLED_BACK ->
          true;
      default -> false;
    };
  }
}
