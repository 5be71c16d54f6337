package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.ArrayList;
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
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
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
  private boolean checkingBounds = true;
  private final Map<String, Set<Long>> limits = new HashMap<>();

  /** What a pod was before a revision. */
  private record Was(PodRecord pod, Availability availability, boolean down) {}

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
    records.jobs().forEach(this::noteLimit);
  }

  /**
   * Whether bounds on unavailable instances are checked. A leader that cannot reach the store
   * decides on, and what it decided over a long time comes in one revision: that shows no longer
   * what was down at the moment of each decision.
   */
  void checkBounds(boolean check) {
    checkingBounds = check;
  }

  private void noteLimit(JobEntry job) {
    if (job.complete()) {
      limits.computeIfAbsent(job.id(), id -> new HashSet<>()).add(limit(job));
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
    Map<String, List<Was>> before = new HashMap<>();
    for (RecordKey key : changes.keySet()) {
      JobEntry job = jobOf(key).map(records::job).orElse(null);
      if (job != null && job.complete() && !before.containsKey(job.id())) {
        before.put(job.id(), pods(job));
      }
    }
    changes.forEach((key, value) -> check(key, value, revision));
    changes.forEach((key, value) -> records.apply(new RecordChange(key, value, revision)));
    for (RecordKey key : changes.keySet()) {
      jobOf(key).map(records::job).ifPresent(this::noteLimit);
    }
    before.forEach(
        (id, pods) -> {
          JobEntry job = records.job(id);
          if (checkingBounds && job != null && job.complete() && !limits.get(id).contains(0L)) {
            checkUnavailable(pods, job, changes, revision);
          }
        });
  }

  private static Optional<String> jobOf(RecordKey key) {
    if (key instanceof RecordKey.Pod pod) {
      return Optional.of(pod.job());
    } else if (key instanceof RecordKey.PodGoal pod) {
      return Optional.of(pod.job());
    } else if (key instanceof RecordKey.JobGoal goal) {
      return Optional.of(goal.job());
    }
    return Optional.empty();
  }

  private static List<Was> pods(JobEntry job) {
    List<Was> pods = new ArrayList<>();
    for (int i = 0; i < job.pods().bound(); i++) {
      PodRecord pod = job.pods().get(i);
      pods.add(new Was(pod, availability(job, i), isDown(job, i, pod)));
    }
    return pods;
  }

  /** Whether an instance should run and does not serve, whatever was asked of it meanwhile. */
  private static boolean isDown(JobEntry job, int instance, PodRecord pod) {
    return availability(job, instance) != Availability.IGNORED && !Availability.serves(pod);
  }

  private void check(RecordKey key, Optional<Message> value, long revision) {
    JobEntry job = jobOf(key).map(records::job).orElse(null);
    if (key instanceof RecordKey.WorkflowStatus workflow) {
      job = records.job(workflow.job());
    }
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

  /**
   * What a workflow, or a restart that was to keep it, took down in this revision must have been
   * within the bound.
   */
  private void checkUnavailable(
      List<Was> before, JobEntry job, Map<RecordKey, Optional<Message>> changes, long revision) {
    int byWorkflow = 0;
    int unavailable = 0;
    int byRestart = 0;
    int down = 0;
    StringBuilder moves = new StringBuilder();
    for (int i = 0; i < Math.min(before.size(), job.pods().bound()); i++) {
      PodRecord was = before.get(i).pod();
      PodRecord is = job.pods().get(i);
      Availability then = before.get(i).availability();
      Availability after = availability(job, i);
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
          && servedWhenTouched(job.id(), i, was, is, changes)) {
        byWorkflow++;
      } else if (then == Availability.UNAVAILABLE && after == Availability.UNAVAILABLE) {
        unavailable++;
      }
      if (was != null && is != null && !before.get(i).down() && endedBySla(job, i, was, changes)) {
        byRestart++;
      } else if (before.get(i).down() && isDown(job, i, is)) {
        down++;
      }
    }
    long limit = limits.get(job.id()).stream().mapToLong(Long::longValue).max().orElseThrow();
    if (byWorkflow > 0) {
      assertThat((long) byWorkflow + unavailable)
          .as("unavailable at %s: %s by a workflow, of%s", revision, byWorkflow, moves)
          .isLessThanOrEqualTo(limit);
    }
    if (byRestart > 0) {
      assertThat((long) byRestart + down)
          .as("down at %s: %s by restarts within the bound, of%s", revision, byRestart, moves)
          .isLessThanOrEqualTo(limit);
    }
  }

  /** Whether a pod that served is being ended, or has ended, by a restart within the bound. */
  private static boolean endedBySla(
      JobEntry job, int instance, PodRecord was, Map<RecordKey, Optional<Message>> changes) {
    return PodPhase.of(was) == PodPhase.LIVE
        && run(job, instance, was.getRun(), changes).getTermination().getReason()
            == TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_FOR_SLA_AWARE_RESTART;
  }

  /** The last that is known of a run that went on before a revision. */
  private static PodRecord run(
      JobEntry job, int instance, long run, Map<RecordKey, Optional<Message>> changes) {
    PodRecord is = job.pods().get(instance);
    if (is.getRun() == run) {
      return is;
    }
    return changes
        .getOrDefault(new RecordKey.PodHistory(job.id(), instance, run), Optional.empty())
        .map(record -> ((PodHistoryRecord) record).getPod())
        .orElse(PodRecord.getDefaultInstance());
  }

  /** Whether a pod was well until a workflow came: one transaction may hold both. */
  private static boolean servedWhenTouched(
      String job,
      int instance,
      PodRecord was,
      PodRecord is,
      Map<RecordKey, Optional<Message>> changes) {
    PodRecord touched =
        is.getRun() == was.getRun()
            ? is
            : ((PodHistoryRecord)
                    changes
                        .get(new RecordKey.PodHistory(job, instance, was.getRun()))
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
