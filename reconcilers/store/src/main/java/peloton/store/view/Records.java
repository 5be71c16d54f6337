package peloton.store.view;

import com.google.protobuf.Message;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import peloton.records.FrameworkRecord;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.records.JobStatusRecord;
import peloton.records.JobWaitingRecord;
import peloton.records.LastRunRecord;
import peloton.records.LeaderRecord;
import peloton.records.LockdownRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.records.PoolUsageRecord;
import peloton.records.ResourcePoolRecord;
import peloton.records.SchemaRecord;
import peloton.records.SecretRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;

/**
 * The records of a cluster in memory, with the indexes that reads need. A replica's view is one
 * instance, fed by the watch; the leader's loops work on another, which runs ahead by the writes
 * that are on their way. One thread writes, any thread reads.
 */
public final class Records {
  private final Map<String, JobEntry> jobs = new ConcurrentHashMap<>();
  private final Map<String, ResourcePoolRecord> pools = new ConcurrentHashMap<>();
  private final Map<String, PoolUsageRecord> poolUsages = new ConcurrentHashMap<>();
  private final Map<String, Long> poolRevisions = new ConcurrentHashMap<>();
  private final NavigableMap<String, NavigableSet<RecordKey.JobName>> jobNames =
      new ConcurrentSkipListMap<>();
  private final LastRuns lastRuns = new LastRuns();
  private final HostTable hosts = new HostTable();
  private final VolumeTable volumes = new VolumeTable();
  private volatile FrameworkRecord framework;
  private volatile LeaderRecord leader;
  private volatile LockdownRecord lockdown;
  private volatile SchemaRecord schema;

  /** A job's records, or null if there are none. */
  public JobEntry job(String id) {
    return jobs.get(id);
  }

  public Collection<JobEntry> jobs() {
    return Collections.unmodifiableCollection(jobs.values());
  }

  /** The resource pools by id; the root is not among them, since nobody writes it. */
  public Map<String, ResourcePoolRecord> pools() {
    return Collections.unmodifiableMap(pools);
  }

  /** How the pools stood when the leader last looked, by id; the root is among them. */
  public Map<String, PoolUsageRecord> poolUsages() {
    return Collections.unmodifiableMap(poolUsages);
  }

  /** The revision at which a pool was last written, 0 if there is none. */
  public long poolRevision(String id) {
    return poolRevisions.getOrDefault(id, 0L);
  }

  /** Every creation of a job of this name, newest first. */
  public NavigableSet<RecordKey.JobName> jobsNamed(String name) {
    NavigableSet<RecordKey.JobName> named = jobNames.get(name);
    return named == null ? NONE : Collections.unmodifiableNavigableSet(named);
  }

  /** Which runs there have been of what is gone, so that none is used twice. */
  public LastRuns lastRuns() {
    return lastRuns;
  }

  public Optional<FrameworkRecord> framework() {
    return Optional.ofNullable(framework);
  }

  /** Hosts and their pools. */
  public HostTable hosts() {
    return hosts;
  }

  /** Persistent volumes. */
  public VolumeTable volumes() {
    return volumes;
  }

  /** Who leads; empty between leaders. */
  public Optional<LeaderRecord> leader() {
    return Optional.ofNullable(leader);
  }

  /** What operators have locked down; the default instance, which locks nothing, if none did. */
  public LockdownRecord lockdown() {
    LockdownRecord current = lockdown;
    return current == null ? LockdownRecord.getDefaultInstance() : current;
  }

  /** Which schema the records have; empty in a cluster that nobody has written yet. */
  public Optional<SchemaRecord> schema() {
    return Optional.ofNullable(schema);
  }

  /** Takes in a written or, with no value, a deleted record. */
  public void apply(RecordChange change) {
    apply(change.key(), change.value().orElse(null), change.revision());
  }

  /**
   * Takes in a record.
   *
   * @param value the record, or null if it was deleted
   * @param revision where it stands in etcd's history; 0 if it is still on its way there
   */
  public void apply(RecordKey key, Message value, long revision) {
    applyRecord(key, value, revision);
    if (value != null) {
      jobShownBy(key).map(jobs::get).ifPresent(job -> job.written(revision));
    }
  }

  /** The job of which clients see more than one pod changed when a record is written. */
  private static Optional<String> jobShownBy(RecordKey key) {
    if (key instanceof RecordKey.Pod pod) {
      return Optional.of(pod.job());
    } else if (key instanceof RecordKey.InstanceLastRun removed) {
      return Optional.of(removed.job());
    } else if (key instanceof RecordKey.JobGoal
        || key instanceof RecordKey.JobStatus
        || key instanceof RecordKey.JobSpec
        || key instanceof RecordKey.WorkflowRequest
        || key instanceof RecordKey.WorkflowStatus) {
      return Optional.of(jobOf(key));
    }
    return Optional.empty();
  }

  private void applyRecord(RecordKey key, Message value, long revision) {
    if (key instanceof RecordKey.Pod pod) {
      job(pod.job(), value, revision, job -> job.setPod(pod.instance(), (PodRecord) value));
    } else if (key instanceof RecordKey.JobGoal goal) {
      job(
          goal.job(),
          value,
          revision,
          job -> job.setGoal((JobGoalRecord) value, value == null ? 0 : revision));
    } else if (key instanceof RecordKey.JobStatus status) {
      job(status.job(), value, revision, job -> job.setStatus((JobStatusRecord) value));
    } else if (key instanceof RecordKey.JobWaiting waiting) {
      job(waiting.job(), value, revision, job -> job.setWaiting((JobWaitingRecord) value));
    } else if (key instanceof RecordKey.JobSpec spec) {
      job(spec.job(), value, revision, job -> job.setSpec(spec.version(), (JobSpecRecord) value));
    } else if (key instanceof RecordKey.WorkflowRequest w) {
      job(
          w.job(),
          value,
          revision,
          job -> job.setRequest(w.number(), (WorkflowRequestRecord) value));
    } else if (key instanceof RecordKey.WorkflowStatus w) {
      job(w.job(), value, revision, job -> job.setStatus(w.number(), (WorkflowStatusRecord) value));
    } else if (key instanceof RecordKey.PodGoal pod) {
      job(pod.job(), value, revision, job -> job.setPodGoal(pod.instance(), (PodGoalRecord) value));
    } else if (key instanceof RecordKey.Secret s) {
      job(s.job(), value, revision, job -> job.setSecret(s.secret(), (SecretRecord) value));
    } else if (key instanceof RecordKey.Pool pool) {
      setPool(pool.id(), (ResourcePoolRecord) value, revision);
    } else if (key instanceof RecordKey.PoolUsage usage) {
      if (value == null) {
        poolUsages.remove(usage.id());
      } else {
        poolUsages.put(usage.id(), (PoolUsageRecord) value);
      }
    } else if (key instanceof RecordKey.JobName name) {
      setJobName(name, value != null);
    } else if (key instanceof RecordKey.InstanceLastRun removed) {
      lastRuns.apply(key, (LastRunRecord) value);
      // Keeps nothing in the entry but its revision.
      job(removed.job(), value, revision, job -> {});
    } else if (key instanceof RecordKey.JobLastRun) {
      lastRuns.apply(key, (LastRunRecord) value);
    } else if (key instanceof RecordKey.Framework) {
      framework = (FrameworkRecord) value;
    } else if (key instanceof RecordKey.Leader) {
      leader = (LeaderRecord) value;
    } else if (key instanceof RecordKey.Lockdown) {
      lockdown = (LockdownRecord) value;
    } else if (key instanceof RecordKey.Schema) {
      schema = (SchemaRecord) value;
    } else if (!hosts.apply(key, value)) {
      volumes.apply(key, value);
    }
  }

  /**
   * Whether a record is in memory as it was written at a revision. Records that are not kept in
   * memory count as held.
   */
  boolean holds(RecordKey key, Message value, long revision) {
    if (key instanceof RecordKey.Pool pool) {
      return value.equals(pools.get(pool.id())) && poolRevision(pool.id()) == revision;
    }
    if (key instanceof RecordKey.PoolUsage usage) {
      return value.equals(poolUsages.get(usage.id()));
    }
    if (key instanceof RecordKey.JobName name) {
      return jobsNamed(name.name()).contains(name);
    }
    if (key instanceof RecordKey.InstanceLastRun || key instanceof RecordKey.JobLastRun) {
      return value.equals(lastRuns.get(key));
    }
    if (key instanceof RecordKey.Framework) {
      return value.equals(framework);
    }
    if (key instanceof RecordKey.Leader) {
      return value.equals(leader);
    }
    if (key instanceof RecordKey.Lockdown) {
      return value.equals(lockdown);
    }
    if (key instanceof RecordKey.Schema) {
      return value.equals(schema);
    }
    if (HostTable.holds(key)) {
      return hosts.get(key).filter(value::equals).isPresent();
    }
    if (VolumeTable.holds(key)) {
      return volumes.get(key).filter(value::equals).isPresent();
    }
    if (key instanceof RecordKey.PoolName || key instanceof RecordKey.PodHistory) {
      return true;
    }
    JobEntry job = jobs.get(jobOf(key));
    return job != null && job.holds(key, value, revision);
  }

  private static String jobOf(RecordKey key) {
    if (key instanceof RecordKey.Pod pod) {
      return pod.job();
    } else if (key instanceof RecordKey.JobGoal goal) {
      return goal.job();
    } else if (key instanceof RecordKey.JobStatus status) {
      return status.job();
    } else if (key instanceof RecordKey.JobWaiting waiting) {
      return waiting.job();
    } else if (key instanceof RecordKey.JobSpec spec) {
      return spec.job();
    } else if (key instanceof RecordKey.WorkflowRequest w) {
      return w.job();
    } else if (key instanceof RecordKey.WorkflowStatus w) {
      return w.job();
    } else if (key instanceof RecordKey.PodGoal pod) {
      return pod.job();
    } else if (key instanceof RecordKey.Secret secret) {
      return secret.job();
    }
    throw new IllegalArgumentException("not a record of a job: " + key);
  }

  /** Names every record in memory, in no order. */
  void forEachKey(Consumer<RecordKey> action) {
    jobs.values().forEach(job -> job.forEachKey(action));
    pools.keySet().forEach(id -> action.accept(new RecordKey.Pool(id)));
    poolUsages.keySet().forEach(id -> action.accept(new RecordKey.PoolUsage(id)));
    jobNames.values().forEach(names -> names.forEach(action));
    lastRuns.forEachKey(action);
    hosts.forEachKey(action);
    volumes.forEachKey(action);
    if (framework != null) {
      action.accept(new RecordKey.Framework());
    }
    if (leader != null) {
      action.accept(new RecordKey.Leader());
    }
    if (lockdown != null) {
      action.accept(new RecordKey.Lockdown());
    }
    if (schema != null) {
      action.accept(new RecordKey.Schema());
    }
  }

  /** Forgets every record of a job below one of its two prefixes. */
  public void applyDeleteAll(String prefix) {
    if (prefix.startsWith(RecordKey.PAST_RUNS)) {
      return;
    }
    String id = prefix.substring(prefix.indexOf('/', prefix.indexOf('/') + 1) + 1).replace("/", "");
    if (prefix.equals(RecordKey.actualOf(id))) {
      lastRuns.forgetInstances(id);
    }
    JobEntry job = jobs.get(id);
    if (job == null) {
      return;
    }
    if (prefix.equals(RecordKey.desiredOf(id))) {
      job.setGoal(null, 0);
      job.specs().keySet().forEach(version -> job.setSpec(version, null));
      job.workflowRequests().keySet().forEach(number -> job.setRequest(number, null));
      job.podGoals().keySet().forEach(instance -> job.setPodGoal(instance, null));
      job.secrets().keySet().forEach(secret -> job.setSecret(secret, null));
    } else {
      job.setStatus(null);
      job.setWaiting(null);
      job.workflowStatuses().keySet().forEach(number -> job.setStatus(number, null));
      for (int instance = 0; instance < job.pods().bound(); instance++) {
        job.setPod(instance, null);
      }
    }
    if (job.empty()) {
      jobs.remove(id);
    }
  }

  /** A copy that can go its own way; records are shared, since they never change. */
  public Records copy() {
    Records copy = new Records();
    for (JobEntry job : jobs.values()) {
      JobEntry target = new JobEntry(job.id());
      target.written(job.writtenRevision());
      target.touch(job.revision());
      target.setGoal(job.goal(), job.goalRevision());
      target.setStatus(job.status());
      target.setWaiting(job.waiting());
      job.specs().forEach(target::setSpec);
      job.workflowRequests().forEach(target::setRequest);
      job.workflowStatuses().forEach(target::setStatus);
      job.podGoals().forEach(target::setPodGoal);
      job.secrets().forEach(target::setSecret);
      for (int instance = 0; instance < job.pods().bound(); instance++) {
        PodRecord pod = job.pods().get(instance);
        if (pod != null) {
          target.setPod(instance, pod);
        }
      }
      copy.jobs.put(job.id(), target);
    }
    copy.pools.putAll(pools);
    copy.poolUsages.putAll(poolUsages);
    copy.poolRevisions.putAll(poolRevisions);
    jobNames.values().forEach(names -> names.forEach(name -> copy.setJobName(name, true)));
    lastRuns.copyTo(copy.lastRuns);
    hosts.copyTo(copy.hosts);
    volumes.copyTo(copy.volumes);
    copy.framework = framework;
    copy.leader = leader;
    copy.lockdown = lockdown;
    copy.schema = schema;
    return copy;
  }

  private void job(String id, Message value, long revision, Consumer<JobEntry> change) {
    JobEntry job = value == null ? jobs.get(id) : jobs.computeIfAbsent(id, JobEntry::new);
    if (job == null) {
      return;
    }
    try {
      change.accept(job);
    } catch (RuntimeException refused) {
      if (job.empty()) {
        jobs.remove(id);
      }
      throw refused;
    }
    job.touch(revision);
    if (value == null && job.empty()) {
      jobs.remove(id);
    }
  }

  private void setPool(String id, ResourcePoolRecord record, long revision) {
    if (record == null) {
      pools.remove(id);
      poolRevisions.remove(id);
    } else {
      pools.put(id, record);
      poolRevisions.put(id, revision);
    }
  }

  private void setJobName(RecordKey.JobName key, boolean present) {
    if (present) {
      jobNames
          .computeIfAbsent(key.name(), name -> new ConcurrentSkipListSet<>(NEWEST_FIRST))
          .add(key);
    } else {
      NavigableSet<RecordKey.JobName> named = jobNames.get(key.name());
      if (named != null) {
        named.remove(key);
        if (named.isEmpty()) {
          jobNames.remove(key.name());
        }
      }
    }
  }

  private static final java.util.Comparator<RecordKey.JobName> NEWEST_FIRST =
      java.util.Comparator.comparingLong(RecordKey.JobName::createdAt)
          .reversed()
          .thenComparing(RecordKey.JobName::job);
  private static final NavigableSet<RecordKey.JobName> NONE =
      Collections.unmodifiableNavigableSet(new TreeSet<>(NEWEST_FIRST));
}
