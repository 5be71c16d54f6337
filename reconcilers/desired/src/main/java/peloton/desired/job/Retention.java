package peloton.desired.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import peloton.records.JobGoalRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.PodTable;
import peloton.store.view.RecordKey;

/** How much of a job's past is kept: its newest workflows, and every specification in use. */
final class Retention {
  /** How many workflows of a job are kept. */
  static final int WORKFLOWS = 10;

  /** Most records that one write deletes; the rest goes with the next one. */
  static final int MOST_DELETED = 64;

  private Retention() {}

  /**
   * The desired records that go when a new workflow comes, oldest first. The loops delete what they
   * wrote about a workflow when its request is gone.
   *
   * @param goal the job's goal with the new workflow in force
   */
  static List<RecordKey> superfluous(JobEntry job, JobGoalRecord goal) {
    long oldestKept = goal.getWorkflow() - WORKFLOWS + 1;
    List<RecordKey> superfluous = new ArrayList<>();
    for (long number : job.workflowRequests().headMap(oldestKept, false).keySet()) {
      superfluous.add(new RecordKey.WorkflowRequest(job.id(), number));
    }
    Set<Long> used = usedVersions(job, goal, oldestKept);
    for (long version : job.specs().keySet()) {
      if (!used.contains(version)) {
        superfluous.add(new RecordKey.JobSpec(job.id(), version));
      }
    }
    return superfluous.size() > MOST_DELETED
        ? List.copyOf(superfluous.subList(0, MOST_DELETED))
        : superfluous;
  }

  private static Set<Long> usedVersions(JobEntry job, JobGoalRecord goal, long oldestKept) {
    Set<Long> used = new HashSet<>();
    used.add(goal.getConfigurationVersion());
    for (WorkflowRequestRecord request :
        job.workflowRequests().tailMap(oldestKept, true).values()) {
      used.add(request.getVersion());
      used.add(request.getPreviousVersion());
      used.add(request.getRollbackVersion());
    }
    // The version that the new workflow comes from: a rollback goes back to it.
    used.add(job.goal().getConfigurationVersion());
    PodTable pods = job.pods();
    for (int instance = 0; instance < pods.bound(); instance++) {
      PodRecord pod = pods.get(instance);
      if (pod != null) {
        used.add(pod.getVersion());
        used.add(pod.getDesiredVersion());
      }
    }
    return used;
  }
}
