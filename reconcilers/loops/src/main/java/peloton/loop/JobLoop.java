package peloton.loop;

import java.time.Duration;
import java.util.Map;
import java.util.PrimitiveIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.job.JobStateDecider;
import peloton.pod.PodPhase;
import peloton.records.JobStatusRecord;
import peloton.records.LastRunRecord;
import peloton.records.PodRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.LastRuns;
import peloton.store.view.RecordKey;

/** Drives a job: its workflows, its marked pods, its state, and at last its deletion. */
final class JobLoop {
  private static final Duration DELETIONS_KEPT = Duration.ofDays(7);
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
      pods.beginHeldRestarts(job);
    } while (workflows.advance(job) || job.isDirty());
    if (PodFacts.deleted(entry) && !hasTasks(entry)) {
      delete(entry);
    } else {
      writeState(job);
    }
  }

  private void reconcilePods(JobRuntime job) {
    while (job.isDirty()) {
      for (PrimitiveIterator.OfInt each = job.takeDirty(); each.hasNext(); ) {
        pods.reconcile(job, each.nextInt());
      }
    }
  }

  private void writeState(JobRuntime job) {
    JobEntry entry = job.entry();
    JobState state =
        JobStateDecider.decide(
            entry.goal().getGoal(),
            entry.currentSpec().getInstanceCount(),
            entry.pods().size(),
            restingUnlaunched(job),
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

  /** How many instances were never launched and are stopped: there is no record that says so. */
  private static int restingUnlaunched(JobRuntime job) {
    if (job.entry().goal().getStoppedBelow() == 0) {
      return 0;
    }
    return (int)
        job.availabilities().stopped().stream()
            .filter(instance -> job.entry().pods().get(instance) == null)
            .count();
  }

  private void delete(JobEntry entry) {
    desk.change()
        .put(
            new RecordKey.JobLastRun(entry.id()),
            LastRunRecord.newBuilder().setRun(largestRun(entry)).setAt(desk.now()).build())
        .deleteAll(RecordKey.actualOf(entry.id()))
        .deleteAll(RecordKey.desiredOf(entry.id()))
        .deleteAll(RecordKey.pastRunsOf(entry.id()))
        .commit();
    log.info("job {} is deleted", entry.id());
  }

  /** Above every run that any instance ever had, also of an instance that was removed before. */
  private long largestRun(JobEntry entry) {
    long largest = 0;
    for (int instance = 0; instance < entry.pods().bound(); instance++) {
      PodRecord pod = entry.pods().get(instance);
      if (pod != null) {
        largest = Math.max(largest, pod.getRun());
      }
    }
    LastRuns lastRuns = desk.records().lastRuns();
    return Math.max(largest, lastRuns.largest(entry.id()));
  }

  /** The run numbers of deleted jobs are kept until no agent can speak of their tasks any more. */
  void forgetOldDeletions() {
    long before = desk.now() - DELETIONS_KEPT.toNanos();
    for (var each : Map.copyOf(desk.records().lastRuns().deletedJobs()).entrySet()) {
      if (each.getValue().getAt() < before && desk.records().job(each.getKey()) == null) {
        desk.change().delete(new RecordKey.JobLastRun(each.getKey())).commit();
      }
    }
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
