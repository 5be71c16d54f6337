package peloton.operator.query;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.operator.read.JobReader;
import peloton.records.JobGoalRecord;
import peloton.records.JobSpecRecord;
import peloton.records.JobStatusRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordChange;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;
import peloton.store.view.ViewListener;

/**
 * The jobs of the view in the order of their creation, newest first: all of them, and by pool,
 * owner and state. Attach it to the view; it is then as fresh as the view's records. The view's
 * thread writes, any thread reads.
 */
public final class JobIndex implements ViewListener {
  private volatile Tables tables = new Tables();
  private volatile Records records = new Records();

  /** Every job. */
  Collection<JobRow> all() {
    return Collections.unmodifiableCollection(tables.all.values());
  }

  Collection<JobRow> inPool(String pool) {
    return find(tables.byPool, pool);
  }

  Collection<JobRow> ownedBy(String owner) {
    return find(tables.byOwner, owner);
  }

  Collection<JobRow> inState(JobState state) {
    return find(tables.byState, state);
  }

  /** Every job, newest first; one that goes away meanwhile may be among them. */
  public Iterable<JobEntry> newestFirst() {
    Collection<JobRow> rows = all();
    return () -> rows.stream().map(JobRow::job).iterator();
  }

  @Override
  public void onSnapshot(Records snapshot, long revision) {
    Tables fresh = new Tables();
    for (JobEntry job : snapshot.jobs()) {
      fresh.put(job);
    }
    records = snapshot;
    tables = fresh;
  }

  @Override
  public void onChanges(List<RecordChange> changes, long revision) {
    Set<String> touched = new LinkedHashSet<>();
    for (RecordChange change : changes) {
      RecordKey key = change.key();
      if (key instanceof RecordKey.JobGoal goal) {
        touched.add(goal.job());
      } else if (key instanceof RecordKey.JobSpec spec) {
        touched.add(spec.job());
      } else if (key instanceof RecordKey.JobStatus status) {
        touched.add(status.job());
      }
    }
    for (String id : touched) {
      JobEntry job = records.job(id);
      if (job == null) {
        tables.remove(id);
      } else {
        tables.put(job);
      }
    }
  }

  private static <K> Collection<JobRow> find(
      Map<K, NavigableMap<JobRow.Place, JobRow>> rows, K key) {
    NavigableMap<JobRow.Place, JobRow> found = rows.get(key);
    return found == null ? List.of() : Collections.unmodifiableCollection(found.values());
  }

  /** A whole index; rows are replaced, never changed. */
  private static final class Tables {
    private final NavigableMap<JobRow.Place, JobRow> all = rows();
    private final Map<String, NavigableMap<JobRow.Place, JobRow>> byPool =
        new ConcurrentHashMap<>();
    private final Map<String, NavigableMap<JobRow.Place, JobRow>> byOwner =
        new ConcurrentHashMap<>();
    private final Map<JobState, NavigableMap<JobRow.Place, JobRow>> byState =
        new ConcurrentHashMap<>();

    /** Belongs to the view's thread. */
    private final Map<String, JobRow> byId = new HashMap<>();

    void put(JobEntry job) {
      JobGoalRecord goal = job.goal();
      JobSpecRecord spec = goal == null ? null : job.specs().get(goal.getConfigurationVersion());
      if (spec == null) {
        remove(job.id());
        return;
      }
      JobRow row = row(job, goal, spec.getSpec(), byId.get(job.id()));
      JobRow before = byId.put(job.id(), row);
      if (row.equals(before)) {
        return;
      }
      all.put(row.place(), row);
      add(byPool, row.pool(), row);
      add(byOwner, row.owner(), row);
      add(byState, row.state(), row);
      if (before != null) {
        forget(before);
      }
    }

    void remove(String id) {
      JobRow before = byId.remove(id);
      if (before != null) {
        forget(before);
      }
    }

    private void forget(JobRow row) {
      all.remove(row.place(), row);
      remove(byPool, row.pool(), row);
      remove(byOwner, row.owner(), row);
      remove(byState, row.state(), row);
    }

    private static JobRow row(JobEntry job, JobGoalRecord goal, JobSpec spec, JobRow before) {
      JobStatusRecord status = job.status();
      boolean sameSpec = before != null && before.spec() == spec;
      return new JobRow(
          job,
          spec,
          spec.getName(),
          spec.getOwner(),
          spec.getOwningTeam(),
          spec.getRespoolId().getValue(),
          JobReader.state(status),
          spec.getInstanceCount(),
          goal.getCreatedAt(),
          status.getCompletedAt(),
          Math.max(goal.getUpdatedAt(), status.getUpdatedAt()),
          spec.getLabelsList(),
          sameSpec ? before.text() : JobRow.text(spec));
    }

    private static <K> void add(
        Map<K, NavigableMap<JobRow.Place, JobRow>> index, K key, JobRow row) {
      index.computeIfAbsent(key, k -> rows()).put(row.place(), row);
    }

    private static <K> void remove(
        Map<K, NavigableMap<JobRow.Place, JobRow>> index, K key, JobRow row) {
      NavigableMap<JobRow.Place, JobRow> rows = index.get(key);
      if (rows != null) {
        rows.remove(row.place(), row);
        if (rows.isEmpty()) {
          index.remove(key);
        }
      }
    }

    private static NavigableMap<JobRow.Place, JobRow> rows() {
      return new ConcurrentSkipListMap<>();
    }
  }
}
