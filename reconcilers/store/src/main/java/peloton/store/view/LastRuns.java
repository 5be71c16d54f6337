package peloton.store.view;

import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import peloton.records.LastRunRecord;

/**
 * The last runs of removed instances and deleted jobs. A run's number is part of its Mesos task id,
 * and an agent may still speak of a task whose records are gone; so numbers go on where they ended.
 * One thread writes, any thread reads.
 */
public final class LastRuns {
  private final Map<String, Map<Integer, LastRunRecord>> instances = new ConcurrentHashMap<>();
  private final Map<String, LastRunRecord> jobs = new ConcurrentHashMap<>();

  LastRuns() {}

  /** The last run of a removed instance of a job that lives, 0 if it was never removed. */
  public long of(String job, int instance) {
    LastRunRecord record = instances.getOrDefault(job, Map.of()).get(instance);
    return record == null ? 0 : record.getRun();
  }

  /** The number that the first run of an instance without a record takes. */
  public long next(String job, int instance) {
    LastRunRecord deleted = jobs.get(job);
    return Math.max(of(job, instance), deleted == null ? 0 : deleted.getRun()) + 1;
  }

  /**
   * The largest run of what is gone of a job, or of earlier jobs with its id; 0 if there is none.
   */
  public long largest(String job) {
    LastRunRecord deleted = jobs.get(job);
    return instances.getOrDefault(job, Map.of()).values().stream()
        .mapToLong(LastRunRecord::getRun)
        .reduce(deleted == null ? 0 : deleted.getRun(), Math::max);
  }

  /** The jobs that were deleted, with their largest runs. */
  public Map<String, LastRunRecord> deletedJobs() {
    return Collections.unmodifiableMap(jobs);
  }

  void apply(RecordKey key, LastRunRecord record) {
    if (key instanceof RecordKey.JobLastRun deleted) {
      put(jobs, deleted.job(), record);
    } else if (key instanceof RecordKey.InstanceLastRun removed) {
      Map<Integer, LastRunRecord> ofJob =
          instances.computeIfAbsent(removed.job(), job -> new ConcurrentHashMap<>());
      put(ofJob, removed.instance(), record);
      if (ofJob.isEmpty()) {
        instances.remove(removed.job());
      }
    }
  }

  LastRunRecord get(RecordKey key) {
    if (key instanceof RecordKey.JobLastRun deleted) {
      return jobs.get(deleted.job());
    }
    RecordKey.InstanceLastRun removed = (RecordKey.InstanceLastRun) key;
    return instances.getOrDefault(removed.job(), Map.of()).get(removed.instance());
  }

  void forEachKey(Consumer<RecordKey> action) {
    jobs.keySet().forEach(job -> action.accept(new RecordKey.JobLastRun(job)));
    instances.forEach(
        (job, runs) ->
            runs.keySet().forEach(i -> action.accept(new RecordKey.InstanceLastRun(job, i))));
  }

  void forgetInstances(String job) {
    instances.remove(job);
  }

  void copyTo(LastRuns copy) {
    copy.jobs.putAll(jobs);
    instances.forEach((job, runs) -> copy.instances.put(job, new ConcurrentHashMap<>(runs)));
  }

  private static <K> void put(Map<K, LastRunRecord> map, K key, LastRunRecord record) {
    if (record == null) {
      map.remove(key);
    } else {
      map.put(key, record);
    }
  }
}
