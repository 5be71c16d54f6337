package peloton.loop;

import java.util.PrimitiveIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.job.JobStateDecider;
import peloton.pod.PodPhase;
import peloton.records.JobStatusRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;

/** Drives a job: its workflows, its marked pods, its state, and at last its deletion. */
final class JobLoop {
  private static final Logger log = LoggerFactory.getLogger(JobLoop.class);

  private final Desk desk;
  private final WorkflowLoop workflows;
  private final PodLoop pods;

  JobLoop(Desk desk, WorkflowLoop workflows, PodLoop pods) {
    this.desk = desk;
    this.workflows = workflows;
    this.pods = pods;
  }

  /** Takes every step that can be taken now. */
  void reconcile(JobRuntime job) {
    JobEntry entry = job.entry();
    if (entry.goal() == null) {
      // Desired records are gone and actual ones remain: a deletion that was cut short.
      if (!hasTasks(entry)) {
        delete(entry);
      } else {
        reconcilePods(job);
      }
      return;
    }
    if (!entry.complete()) {
      return;
    }
    do {
      reconcilePods(job);
    } while (workflows.advance(job) || job.isDirty());
    if (PodFacts.deleted(entry) && !hasTasks(entry)) {
      delete(entry);
    } else {
      writeState(entry);
    }
  }

  private void reconcilePods(JobRuntime job) {
    while (job.isDirty()) {
      for (PrimitiveIterator.OfInt each = job.takeDirty(); each.hasNext(); ) {
        pods.reconcile(job, each.nextInt());
      }
    }
  }

  private void writeState(JobEntry entry) {
    JobState state =
        JobStateDecider.decide(
            entry.goal().getGoal(),
            entry.currentSpec().getInstanceCount(),
            entry.pods().size(),
            entry::podsIn);
    if (state == entry.status().getState()) {
      return;
    }
    JobStatusRecord.Builder status =
        entry.status().toBuilder().setState(state).setUpdatedAt(desk.now());
    switch (state) {
      case JOB_STATE_KILLED, JOB_STATE_SUCCEEDED, JOB_STATE_FAILED ->
          status.setCompletedAt(desk.now());
      default -> status.setCompletedAt(0);
    }
    desk.change().put(new RecordKey.JobStatus(entry.id()), status.build()).commit();
    log.info("job {} is {}", entry.id(), state);
  }

  private void delete(JobEntry entry) {
    desk.change()
        .deleteAll(RecordKey.actualOf(entry.id()))
        .deleteAll(RecordKey.desiredOf(entry.id()))
        .commit();
    log.info("job {} is deleted", entry.id());
  }

  private static boolean hasTasks(JobEntry entry) {
    for (PodState state : PodState.values()) {
      if (PodPhase.of(state).mayHaveTask() && entry.podsIn(state) > 0) {
        return true;
      }
    }
    return false;
  }
}
