package peloton.loop;

import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.desired.job.EffectivePods;
import peloton.desired.pod.Availability;
import peloton.desired.pod.WantedPods;
import peloton.pod.Checks;
import peloton.pod.PodAction;
import peloton.pod.PodDecider;
import peloton.pod.PodGoal;
import peloton.pod.WorkflowStep;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.workflow.VersionMarkers;

/** What follows from a job's records for one of its instances. */
final class PodFacts {
  private PodFacts() {}

  /** What the instance should come to. */
  static PodGoal goal(JobRuntime job, int instance) {
    return goal(job, instance, job.entry().pods().get(instance));
  }

  /**
   * What the instance should come to with this record.
   *
   * @param pod the record, or null if there is none
   */
  static PodGoal goal(JobRuntime job, int instance, PodRecord pod) {
    JobEntry entry = job.entry();
    if (deleted(entry)) {
      return PodGoal.REMOVE;
    }
    JobSpec wanted = entry.spec(version(entry, pod));
    if (wanted != null && instance >= wanted.getInstanceCount()) {
      return PodGoal.REMOVE;
    }
    return WantedPods.run(entry, instance, startedBy(job, instance, pod))
        ? PodGoal.RUN
        : PodGoal.STOP;
  }

  private static long startedBy(JobRuntime job, int instance, PodRecord pod) {
    if (pod != null) {
      return pod.getStartedBy();
    }
    WorkflowStep step = admittingStep(job, instance);
    return step.starts() ? step.number() : 0;
  }

  /** The workflow that has reached an instance which was never launched. */
  static WorkflowStep admittingStep(JobRuntime job, int instance) {
    return job.progress() != null && job.progress().admits(instance)
        ? job.progress().step()
        : WorkflowStep.NONE;
  }

  /** Whether the whole job is to go. */
  static boolean deleted(JobEntry job) {
    return job.goal() == null || job.goal().getGoal() == JobState.JOB_STATE_DELETED;
  }

  /** The configuration version that the instance should be on. */
  static long version(JobEntry job, PodRecord pod) {
    if (pod != null) {
      return pod.getDesiredVersion();
    }
    return job.goal() == null ? 0 : job.goal().getConfigurationVersion();
  }

  /** The version that the instance's next run takes. */
  static long nextVersion(JobEntry job, int instance, PodRecord pod) {
    return VersionMarkers.desired(job, instance, pod);
  }

  /** Whether an instance that was never launched may be. */
  static boolean admitted(JobRuntime job, int instance) {
    JobEntry entry = job.entry();
    WorkflowProgress progress = job.progress();
    if (progress != null) {
      return progress.admits(instance)
          || (progress.step().kind() == WorkflowStep.Kind.RESTART && admittedAtRest(job, instance));
    }
    return entry.workflowStatuses().containsKey(entry.goal().getWorkflow())
        && admittedAtRest(job, instance);
  }

  /** Whether an instance that no workflow has in hand is to be there. */
  private static boolean admittedAtRest(JobRuntime job, int instance) {
    PodGoalRecord asked = job.entry().podGoals().get(instance);
    return lastUpdateEndedWell(job.entry())
        || (asked != null && asked.getGoal() == PodState.POD_STATE_RUNNING);
  }

  /** A restart adds no instances, so it says nothing of those that an update left out. */
  private static boolean lastUpdateEndedWell(JobEntry job) {
    for (WorkflowRequestRecord request : job.workflowRequests().descendingMap().values()) {
      if (request.getNumber() <= job.goal().getWorkflow()
          && request.getType() != WorkflowType.WORKFLOW_TYPE_RESTART) {
        WorkflowStatusRecord status = job.workflowStatuses().get(request.getNumber());
        return status != null
            && (status.getState() == WorkflowState.WORKFLOW_STATE_SUCCEEDED
                || status.getState() == WorkflowState.WORKFLOW_STATE_ROLLED_BACK);
      }
    }
    return true;
  }

  /** Takes note of what the instance means for the job's bound on unavailable instances. */
  static void observe(JobRuntime job, int instance, PodGoal goal, PodRecord pod) {
    job.availabilities()
        .set(instance, availability(job, instance, goal, pod), goal == PodGoal.STOP);
  }

  private static Availability availability(
      JobRuntime job, int instance, PodGoal goal, PodRecord pod) {
    if (goal != PodGoal.RUN) {
      return Availability.IGNORED;
    }
    if (pod != null) {
      return Availability.of(pod, job.entry().podGoals().get(instance));
    }
    return admitted(job, instance) ? Availability.UNAVAILABLE : Availability.IGNORED;
  }

  /** The workflow that has the pod in hand. */
  static WorkflowStep step(JobRuntime job, PodRecord pod) {
    return job.progress() != null && job.progress().step().concerns(pod)
        ? job.progress().step()
        : WorkflowStep.NONE;
  }

  /** How the run is ended if it is not the one, or not on the version, that it should be. */
  static PodAction.Kill replacement(JobEntry job, int instance, PodRecord pod) {
    if (pod == null || pod.getDesiredRun() > pod.getRun()) {
      PodGoalRecord asked = job.podGoals().get(instance);
      boolean named =
          asked != null
              && asked.getReason() != TerminationStatus.Reason.TERMINATION_STATUS_REASON_INVALID
              && asked.getGoal() == PodState.POD_STATE_RUNNING;
      return named
          ? new PodAction.Kill(asked.getReason(), PodDecider.RESTART.message())
          : PodDecider.RESTART;
    }
    WorkflowRequestRecord request = job.workflowRequests().get(pod.getWorkflow());
    if (request == null) {
      return PodDecider.UPDATE;
    }
    if (request.getType() == WorkflowType.WORKFLOW_TYPE_RESTART) {
      return PodDecider.RESTART;
    }
    return request.getRollbackVersion() != 0
            && request.getRollbackVersion() == pod.getDesiredVersion()
        ? PodDecider.ROLLBACK
        : PodDecider.UPDATE;
  }

  /** Whether the job was started after a run ended and began to wait for the next one. */
  static boolean startedSince(JobEntry job, PodRecord pod) {
    return pod != null
        && pod.getNotBefore() != 0
        && job.goal() != null
        && job.goal().getDesiredStateVersion() > pod.getWaitsSince();
  }

  /** The spec of an instance at a version, overrides applied; null if the version is not kept. */
  static PodSpec spec(JobRuntime job, int instance, long version) {
    EffectivePods specs = job.specs(version);
    return specs == null ? null : specs.pod(instance);
  }

  /** The checks of a pod; none if its spec is not kept. */
  static Checks checks(PodSpec spec) {
    return spec == null ? Checks.NONE : Checks.of(spec);
  }
}
