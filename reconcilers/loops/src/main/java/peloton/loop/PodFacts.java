package peloton.loop;

import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.desired.job.EffectivePods;
import peloton.desired.pod.WantedPods;
import peloton.pod.PodGoal;
import peloton.pod.WorkflowStep;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.workflow.VersionMarkers;

/** What follows from a job's records for one of its instances. */
final class PodFacts {
  private PodFacts() {}

  /** What the instance should come to. */
  static PodGoal goal(JobEntry job, int instance) {
    if (deleted(job)) {
      return PodGoal.REMOVE;
    }
    PodRecord pod = job.pods().get(instance);
    JobSpec wanted = job.spec(version(job, instance, pod));
    if (wanted != null && instance >= wanted.getInstanceCount()) {
      return PodGoal.REMOVE;
    }
    return WantedPods.run(job, instance) ? PodGoal.RUN : PodGoal.STOP;
  }

  /** Whether the whole job is to go. */
  static boolean deleted(JobEntry job) {
    return job.goal() == null || job.goal().getGoal() == JobState.JOB_STATE_DELETED;
  }

  /** The configuration version that the instance should be on. */
  static long version(JobEntry job, int instance, PodRecord pod) {
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
    if (job.progress() != null) {
      return job.progress().admits(instance);
    }
    WorkflowStatusRecord last = entry.workflowStatuses().get(entry.goal().getWorkflow());
    if (last == null) {
      return false;
    }
    PodGoalRecord asked = entry.podGoals().get(instance);
    return last.getState() == WorkflowState.WORKFLOW_STATE_SUCCEEDED
        || last.getState() == WorkflowState.WORKFLOW_STATE_ROLLED_BACK
        || (asked != null && asked.getGoal() == PodState.POD_STATE_RUNNING);
  }

  /** The workflow that has the pod in hand. */
  static WorkflowStep step(JobRuntime job, PodRecord pod) {
    return job.progress() != null && pod.getWorkflow() == job.progress().step().number()
        ? job.progress().step()
        : WorkflowStep.NONE;
  }

  /** The spec of an instance at a version, overrides applied; null if the version is not kept. */
  static PodSpec spec(JobRuntime job, int instance, long version) {
    EffectivePods specs = job.specs(version);
    return specs == null ? null : specs.pod(instance);
  }

  /** Whether the first container has a liveness check that is switched on. */
  static boolean healthChecked(PodSpec spec) {
    return spec != null
        && spec.getContainersCount() > 0
        && spec.getContainers(0).getLivenessCheck().getEnabled();
  }
}
