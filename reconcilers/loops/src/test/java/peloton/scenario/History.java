package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.desired.pod.Availability;
import peloton.pod.PodPhase;
import peloton.records.JobGoalRecord;
import peloton.records.PodHistoryRecord;
import peloton.records.PodRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.KeyValueStore.Change;
import peloton.store.KeyValueStore.WatchListener;
import peloton.store.StoreException;
import peloton.store.view.JobEntry;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordChange;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;
import peloton.workflow.WorkflowDecider;

/**
 * Everything that was ever written, watched from the first revision on, and held to what must be
 * true of every single change.
 */
final class History implements WatchListener {
  private final Keyspace keyspace;
  private final Records records = new Records();
  private final Map<String, com.google.protobuf.ByteString> values = new TreeMap<>();
  private final Map<String, Long> lastRuns = new HashMap<>();
  private final Set<Long> limits = new HashSet<>();

  History(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  Records records() {
    return records;
  }

  /** What etcd must hold now. */
  Map<String, com.google.protobuf.ByteString> values() {
    return values;
  }

  /** A bound on unavailable instances may be in force from now on; the older ones are not. */
  void forgetOldLimits() {
    limits.clear();
    JobEntry job = records.job(World.JOB);
    if (job != null && job.complete()) {
      limits.add(limit(job));
    }
  }

  @Override
  public void onLost(StoreException cause) {
    throw new AssertionError("the watch is lost", cause);
  }

  @Override
  public void onChanges(List<Change> changes) {
    Map<Long, Map<RecordKey, Optional<Message>>> byRevision = new LinkedHashMap<>();
    for (Change change : changes) {
      change
          .value()
          .ifPresentOrElse(v -> values.put(change.key(), v), () -> values.remove(change.key()));
      RecordKey key = keyspace.parse(change.key()).orElseThrow();
      byRevision
          .computeIfAbsent(change.revision(), r -> new LinkedHashMap<>())
          .put(key, change.value().map(value -> parse(key, value)));
    }
    byRevision.forEach(this::onRevision);
  }

  private static Message parse(RecordKey key, com.google.protobuf.ByteString value) {
    try {
      return key.parser().parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(key.path(), e);
    }
  }

  private void onRevision(long revision, Map<RecordKey, Optional<Message>> changes) {
    Records before = records.copy();
    changes.forEach((key, value) -> check(before, key, value, revision));
    changes.forEach((key, value) -> records.apply(new RecordChange(key, value, revision)));
    JobEntry job = records.job(World.JOB);
    if (job != null && job.complete()) {
      limits.add(limit(job));
      if (before.job(World.JOB) != null) {
        checkUnavailable(before.job(World.JOB), job, changes, revision);
      }
    }
  }

  private void check(Records before, RecordKey key, Optional<Message> value, long revision) {
    JobEntry job = before.job(World.JOB);
    if (job == null) {
      return;
    }
    if (key instanceof RecordKey.JobGoal && value.isPresent() && job.goal() != null) {
      checkGoal(job.goal(), (JobGoalRecord) value.get(), revision);
    } else if (key instanceof RecordKey.WorkflowStatus workflow && value.isPresent()) {
      WorkflowStatusRecord old = job.workflowStatuses().get(workflow.number());
      if (old != null) {
        checkWorkflow(old, (WorkflowStatusRecord) value.get(), revision);
      }
    } else if (key instanceof RecordKey.Pod pod) {
      PodRecord old = job.pods().get(pod.instance());
      if (value.isPresent()) {
        PodRecord now = (PodRecord) value.get();
        if (old != null) {
          checkPod(old, now, revision);
        }
        long last = lastRuns.getOrDefault(key.path(), 0L);
        assertThat(now.getRun())
            .as("run of %s at %s", key.path(), revision)
            .isGreaterThanOrEqualTo(last);
        if (old == null) {
          assertThat(now.getRun())
              .as("run of %s, new at %s", key.path(), revision)
              .isGreaterThan(last);
        }
        lastRuns.put(key.path(), now.getRun());
      }
    }
  }

  private static void checkGoal(JobGoalRecord old, JobGoalRecord now, long revision) {
    assertThat(now.getCreatedAt()).isEqualTo(old.getCreatedAt());
    assertThat(now.getConfigurationVersion())
        .as("configuration version at %s", revision)
        .isGreaterThanOrEqualTo(old.getConfigurationVersion())
        .isLessThanOrEqualTo(now.getLastConfigurationVersion());
    assertThat(now.getDesiredStateVersion()).isGreaterThanOrEqualTo(old.getDesiredStateVersion());
    assertThat(now.getWorkflowVersion()).isGreaterThanOrEqualTo(old.getWorkflowVersion());
    assertThat(now.getWorkflow()).isGreaterThanOrEqualTo(old.getWorkflow());
    assertThat(old.getGoal())
        .as("a deleted job stays deleted, at %s", revision)
        .satisfiesAnyOf(
            goal -> assertThat(goal).isNotEqualTo(JobState.JOB_STATE_DELETED),
            goal -> assertThat(now.getGoal()).isEqualTo(JobState.JOB_STATE_DELETED));
  }

  private static void checkWorkflow(
      WorkflowStatusRecord old, WorkflowStatusRecord now, long revision) {
    if (WorkflowDecider.isTerminal(old.getState())) {
      assertThat(now).as("a workflow that is over, at %s", revision).isEqualTo(old);
    }
    assertThat(now.getEventsList().subList(0, old.getEventsCount()))
        .as("events of workflow %s at %s", now.getNumber(), revision)
        .isEqualTo(old.getEventsList());
    for (int i = 1; i < now.getEventsCount(); i++) {
      WorkflowState from = now.getEvents(i - 1).getState();
      WorkflowState to = now.getEvents(i).getState();
      assertThat(follows(from, to))
          .as("workflow %s from %s to %s at %s", now.getNumber(), from, to, revision)
          .isTrue();
    }
  }

  private static boolean follows(WorkflowState from, WorkflowState to) {
    return switch (from) {
      case WORKFLOW_STATE_INITIALIZED ->
          to == WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD
              || to == WorkflowState.WORKFLOW_STATE_PAUSED
              || to == WorkflowState.WORKFLOW_STATE_ABORTED;
      case WORKFLOW_STATE_ROLLING_FORWARD ->
          to != WorkflowState.WORKFLOW_STATE_INITIALIZED
              && to != WorkflowState.WORKFLOW_STATE_ROLLED_BACK;
      case WORKFLOW_STATE_ROLLING_BACKWARD ->
          to == WorkflowState.WORKFLOW_STATE_ROLLED_BACK
              || to == WorkflowState.WORKFLOW_STATE_FAILED
              || to == WorkflowState.WORKFLOW_STATE_PAUSED
              || to == WorkflowState.WORKFLOW_STATE_ABORTED;
      case WORKFLOW_STATE_PAUSED ->
          to == WorkflowState.WORKFLOW_STATE_INITIALIZED
              || WorkflowDecider.isRolling(to)
              || to == WorkflowState.WORKFLOW_STATE_ABORTED;
      default -> false;
    };
  }

  private static void checkPod(PodRecord old, PodRecord now, long revision) {
    String what = "pod, run " + old.getRun() + " to " + now.getRun() + " at " + revision;
    assertThat(now.getRun()).as(what).isGreaterThanOrEqualTo(old.getRun());
    assertThat(now.getDesiredRun()).as(what).isGreaterThanOrEqualTo(old.getDesiredRun());
    assertThat(now.getDesiredRun()).as(what).isGreaterThanOrEqualTo(now.getRun());
    assertThat(now.getDesiredVersion()).as(what).isGreaterThanOrEqualTo(old.getDesiredVersion());
    assertThat(now.getVersion()).as(what).isGreaterThanOrEqualTo(old.getVersion());
    if (now.getRun() == old.getRun()) {
      assertThat(now.getRevision()).as(what).isGreaterThan(old.getRevision());
      if (PodPhase.of(old) == PodPhase.ENDED) {
        assertThat(now.getState()).as(what).isEqualTo(old.getState());
      }
      if (PodPhase.of(old) == PodPhase.KILLING) {
        assertThat(PodPhase.of(now)).as(what).isIn(PodPhase.KILLING, PodPhase.ENDED);
      }
      if (PodPhase.of(now) == PodPhase.WAITING) {
        assertThat(PodPhase.of(old)).as(what).isEqualTo(PodPhase.WAITING);
      }
    }
  }

  /** What a workflow took down in this revision must have been within the bound. */
  private void checkUnavailable(
      JobEntry before, JobEntry now, Map<RecordKey, Optional<Message>> changes, long revision) {
    if (!before.complete() || limits.contains(0L)) {
      return;
    }
    int takenDown = 0;
    int unavailable = 0;
    StringBuilder moves = new StringBuilder();
    for (int i = 0; i < now.pods().bound(); i++) {
      PodRecord was = before.pods().get(i);
      PodRecord is = now.pods().get(i);
      Availability then = availability(before, i);
      Availability after = availability(now, i);
      moves
          .append("\n  ")
          .append(i)
          .append(": ")
          .append(text(then, was))
          .append(" -> ")
          .append(text(after, is));
      if (then == Availability.AVAILABLE
          && after == Availability.UNAVAILABLE
          && is.getDesiredVersion() != was.getDesiredVersion()
          && servedWhenTouched(i, was, is, changes)) {
        takenDown++;
      } else if (then == Availability.UNAVAILABLE && after == Availability.UNAVAILABLE) {
        unavailable++;
      }
    }
    if (takenDown > 0) {
      long limit = limits.stream().mapToLong(Long::longValue).max().orElseThrow();
      assertThat((long) takenDown + unavailable)
          .as(
              "unavailable at revision %s: %s taken down, %s were down, of%s",
              revision, takenDown, unavailable, moves)
          .isLessThanOrEqualTo(limit);
    }
  }

  /** Whether a pod was well until a workflow came: one transaction may hold both. */
  private static boolean servedWhenTouched(
      int instance, PodRecord was, PodRecord is, Map<RecordKey, Optional<Message>> changes) {
    PodRecord touched =
        is.getRun() == was.getRun()
            ? is
            : ((PodHistoryRecord)
                    changes
                        .get(new RecordKey.PodHistory(World.JOB, instance, was.getRun()))
                        .orElseThrow())
                .getPod();
    return touched.getEventsList().stream()
        .filter(event -> event.getDesiredVersion() != was.getDesiredVersion())
        .findFirst()
        .map(
            event ->
                event.getState() == PodState.POD_STATE_RUNNING
                    && event.getHealth() != HealthState.HEALTH_STATE_UNHEALTHY)
        // Not touched in that run: it had ended before.
        .orElse(is.getRun() == was.getRun());
  }

  private static String text(Availability availability, PodRecord pod) {
    return availability
        + (pod == null
            ? ""
            : String.format(
                " run %s of %s %s %s on %s of %s by %s",
                pod.getRun(),
                pod.getDesiredRun(),
                pod.getState(),
                pod.getHealth(),
                pod.getVersion(),
                pod.getDesiredVersion(),
                pod.getWorkflow()));
  }

  private static Availability availability(JobEntry job, int instance) {
    PodRecord pod = job.pods().get(instance);
    JobSpec spec = pod == null ? null : job.spec(pod.getDesiredVersion());
    return Availability.of(
        job, instance, spec == null ? Integer.MAX_VALUE : spec.getInstanceCount());
  }

  private static long limit(JobEntry job) {
    return Integer.toUnsignedLong(job.currentSpec().getSla().getMaximumUnavailableInstances());
  }
}
