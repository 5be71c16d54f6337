package peloton.store.view;

import com.google.protobuf.Message;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.records.JobStatusRecord;
import peloton.records.JobWaitingRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.records.SecretRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;

/**
 * All records of one job. One thread writes, any thread reads; a reader sees each record whole, but
 * may see one of two records that were written together a moment before the other.
 */
public final class JobEntry {
  private final String id;
  private volatile JobGoalRecord goal;
  private volatile long goalRevision;
  private volatile JobStatusRecord status = JobStatusRecord.getDefaultInstance();
  private volatile JobWaitingRecord waiting = JobWaitingRecord.getDefaultInstance();
  private volatile long revision;
  private volatile long writtenRevision;
  private final NavigableMap<Long, JobSpecRecord> specs = new ConcurrentSkipListMap<>();
  private final NavigableMap<Long, WorkflowRequestRecord> requests = new ConcurrentSkipListMap<>();
  private final NavigableMap<Long, WorkflowStatusRecord> statuses = new ConcurrentSkipListMap<>();
  private final NavigableMap<Integer, PodGoalRecord> podGoals = new ConcurrentSkipListMap<>();
  private final NavigableMap<String, SecretRecord> secrets = new ConcurrentSkipListMap<>();
  private final PodTable pods = new PodTable();
  private final PodCounts podCounts = new PodCounts();
  private final AtomicIntegerArray podsByState = new AtomicIntegerArray(PodState.values().length);

  JobEntry(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }

  /** What the job should be; null only while records arrive in pieces or after its deletion. */
  public JobGoalRecord goal() {
    return goal;
  }

  /** The revision at which the goal was last written: what a writer compares. */
  public long goalRevision() {
    return goalRevision;
  }

  /** The newest revision at which any record of the job was written or deleted, as seen here. */
  public long revision() {
    return revision;
  }

  /**
   * The newest revision at which a record that shows in the job itself was written and is still
   * there: the same on every replica, whether it saw the deletions since or began after them. An
   * instance that goes leaves a record of its last run, so this grows with every change that
   * clients of the job see; what is asked of single pods is none, nor are secrets.
   */
  public long writtenRevision() {
    return writtenRevision;
  }

  /** What the loops last said of the job; the default instance before they said anything. */
  public JobStatusRecord status() {
    return status;
  }

  /** Why some of the job's pods wait; the default instance if none has waited for long. */
  public JobWaitingRecord waiting() {
    return waiting;
  }

  /** The stored specification versions, oldest first. */
  public NavigableMap<Long, JobSpecRecord> specs() {
    return Collections.unmodifiableNavigableMap(specs);
  }

  /** The specification of a version, or null if it is not kept. */
  public JobSpec spec(long version) {
    JobSpecRecord record = specs.get(version);
    return record == null ? null : record.getSpec();
  }

  /** The specification that the job should be on. */
  public JobSpec currentSpec() {
    return spec(goal.getConfigurationVersion());
  }

  public NavigableMap<Long, WorkflowRequestRecord> workflowRequests() {
    return Collections.unmodifiableNavigableMap(requests);
  }

  public NavigableMap<Long, WorkflowStatusRecord> workflowStatuses() {
    return Collections.unmodifiableNavigableMap(statuses);
  }

  /** What clients asked of single pods, by instance. */
  public NavigableMap<Integer, PodGoalRecord> podGoals() {
    return Collections.unmodifiableNavigableMap(podGoals);
  }

  /** The job's secrets as they are stored, by id. */
  public NavigableMap<String, SecretRecord> secrets() {
    return Collections.unmodifiableNavigableMap(secrets);
  }

  public PodTable pods() {
    return pods;
  }

  /** How the pod records spread over versions, states and workflow marks. */
  public PodCounts podCounts() {
    return podCounts;
  }

  /** How many pod records are in a state. Instances without a record are in none. */
  public int podsIn(PodState state) {
    return podsByState.get(state.ordinal());
  }

  /** Whether the job can be shown and reconciled: its goal and the specification of it are here. */
  public boolean complete() {
    JobGoalRecord current = goal;
    return current != null && specs.containsKey(current.getConfigurationVersion());
  }

  boolean empty() {
    return goal == null
        && specs.isEmpty()
        && requests.isEmpty()
        && statuses.isEmpty()
        && podGoals.isEmpty()
        && secrets.isEmpty()
        && pods.size() == 0
        && status.equals(JobStatusRecord.getDefaultInstance())
        && waiting.equals(JobWaitingRecord.getDefaultInstance());
  }

  /** Whether a record of this job is here as it was written at a revision. */
  boolean holds(RecordKey key, Message value, long atRevision) {
    if (key instanceof RecordKey.Pod pod) {
      return value.equals(pods.get(pod.instance()));
    } else if (key instanceof RecordKey.JobGoal) {
      return value.equals(goal) && goalRevision == atRevision;
    } else if (key instanceof RecordKey.JobStatus) {
      return value.equals(status);
    } else if (key instanceof RecordKey.JobWaiting) {
      return value.equals(waiting);
    } else if (key instanceof RecordKey.JobSpec spec) {
      return value.equals(specs.get(spec.version()));
    } else if (key instanceof RecordKey.WorkflowRequest request) {
      return value.equals(requests.get(request.number()));
    } else if (key instanceof RecordKey.WorkflowStatus workflow) {
      return value.equals(statuses.get(workflow.number()));
    } else if (key instanceof RecordKey.PodGoal pod) {
      return value.equals(podGoals.get(pod.instance()));
    } else if (key instanceof RecordKey.Secret secret) {
      return value.equals(secrets.get(secret.secret()));
    }
    throw new IllegalArgumentException("not a record of a job: " + key);
  }

  /** Names every record of this job. */
  void forEachKey(Consumer<RecordKey> action) {
    if (goal != null) {
      action.accept(new RecordKey.JobGoal(id));
    }
    if (!status.equals(JobStatusRecord.getDefaultInstance())) {
      action.accept(new RecordKey.JobStatus(id));
    }
    if (!waiting.equals(JobWaitingRecord.getDefaultInstance())) {
      action.accept(new RecordKey.JobWaiting(id));
    }
    specs.keySet().forEach(version -> action.accept(new RecordKey.JobSpec(id, version)));
    requests.keySet().forEach(number -> action.accept(new RecordKey.WorkflowRequest(id, number)));
    statuses.keySet().forEach(number -> action.accept(new RecordKey.WorkflowStatus(id, number)));
    podGoals.keySet().forEach(instance -> action.accept(new RecordKey.PodGoal(id, instance)));
    secrets.keySet().forEach(secret -> action.accept(new RecordKey.Secret(id, secret)));
    for (int instance = 0; instance < pods.bound(); instance++) {
      if (pods.get(instance) != null) {
        action.accept(new RecordKey.Pod(id, instance));
      }
    }
  }

  void touch(long atRevision) {
    revision = Math.max(revision, atRevision);
  }

  void written(long atRevision) {
    touch(atRevision);
    writtenRevision = Math.max(writtenRevision, atRevision);
  }

  void setGoal(JobGoalRecord record, long atRevision) {
    goal = record;
    goalRevision = atRevision;
  }

  void setStatus(JobStatusRecord record) {
    status = record == null ? JobStatusRecord.getDefaultInstance() : record;
  }

  void setWaiting(JobWaitingRecord record) {
    waiting = record == null ? JobWaitingRecord.getDefaultInstance() : record;
  }

  void setSpec(long version, JobSpecRecord record) {
    put(specs, version, record);
  }

  void setRequest(long number, WorkflowRequestRecord record) {
    put(requests, number, record);
  }

  void setStatus(long number, WorkflowStatusRecord record) {
    put(statuses, number, record);
  }

  void setPodGoal(int instance, PodGoalRecord record) {
    put(podGoals, instance, record);
  }

  void setSecret(String secret, SecretRecord record) {
    put(secrets, secret, record);
  }

  void setPod(int instance, PodRecord record) {
    PodRecord previous = pods.set(instance, record);
    podCounts.replace(instance, previous, record);
    if (previous != null) {
      podsByState.decrementAndGet(known(previous.getState()).ordinal());
    }
    if (record != null) {
      podsByState.incrementAndGet(known(record.getState()).ordinal());
    }
  }

  private static PodState known(PodState state) {
    return state == PodState.UNRECOGNIZED ? PodState.POD_STATE_INVALID : state;
  }

  private static <K, V> void put(NavigableMap<K, V> map, K key, V value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }
}
