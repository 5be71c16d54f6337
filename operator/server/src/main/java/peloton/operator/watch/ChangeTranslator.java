package peloton.operator.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.operator.read.JobReader;
import peloton.operator.read.PodReader;
import peloton.records.PodRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordChange;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/**
 * Turns changed records into what watchers hear. Remembers each job's last spec, which is all that
 * can be said of a job once it is gone. Used by one thread.
 */
final class ChangeTranslator {
  private final JobReader jobReader;
  private final PodReader podReader;
  private final Map<String, JobSpec> known = new HashMap<>();

  /** What anybody wants to hear of. */
  record Wanted(boolean pods, boolean jobs) {}

  ChangeTranslator(JobReader jobReader, PodReader podReader) {
    this.jobReader = jobReader;
    this.podReader = podReader;
  }

  /** Begins anew with these records. */
  void reset(Records records) {
    known.clear();
    for (JobEntry job : records.jobs()) {
      if (job.complete()) {
        known.put(job.id(), job.currentSpec());
      }
    }
  }

  /**
   * Translates changes that the records hold already: a publication for each revision that says
   * anything, in order, and one for the last. A job is told of as it is after all of the changes,
   * and at the last revision that touched it: with what its transaction did to pods, and never
   * later than a watcher may resume from.
   */
  List<Publication> translate(
      Records records, List<RecordChange> changes, long revision, Wanted wanted) {
    NavigableMap<Long, List<Publication.PodChange>> pods = new TreeMap<>();
    Map<String, Long> touched = new LinkedHashMap<>();
    Set<RecordKey> podRecords = wanted.pods() ? podRecords(changes) : Set.of();
    for (RecordChange change : changes) {
      touchedJob(change.key(), wanted.jobs())
          .ifPresent(job -> touched.merge(job, change.revision(), Math::max));
      if (wanted.pods()) {
        List<Publication.PodChange> told = pods(records, change, podRecords);
        if (!told.isEmpty()) {
          pods.computeIfAbsent(change.revision(), r -> new ArrayList<>()).addAll(told);
        }
      }
    }
    NavigableMap<Long, List<Publication.JobChange>> jobs = new TreeMap<>();
    touched.forEach(
        (id, at) ->
            job(records, id, at, wanted.jobs())
                .ifPresent(job -> jobs.computeIfAbsent(at, r -> new ArrayList<>()).add(job)));
    NavigableSet<Long> revisions = new TreeSet<>(pods.keySet());
    revisions.addAll(jobs.keySet());
    revisions.add(revision);
    List<Publication> publications = new ArrayList<>();
    for (long at : revisions) {
      publications.add(
          new Publication(at, pods.getOrDefault(at, List.of()), jobs.getOrDefault(at, List.of())));
    }
    return publications;
  }

  private static Optional<String> touchedJob(RecordKey key, boolean all) {
    if (key instanceof RecordKey.JobGoal goal) {
      return Optional.of(goal.job());
    } else if (key instanceof RecordKey.JobSpec spec) {
      return Optional.of(spec.job());
    } else if (!all) {
      return Optional.empty();
    } else if (key instanceof RecordKey.JobStatus status) {
      return Optional.of(status.job());
    } else if (key instanceof RecordKey.WorkflowRequest workflow) {
      return Optional.of(workflow.job());
    } else if (key instanceof RecordKey.WorkflowStatus workflow) {
      return Optional.of(workflow.job());
    } else if (key instanceof RecordKey.Pod pod) {
      return Optional.of(pod.job());
    }
    return Optional.empty();
  }

  private Optional<Publication.JobChange> job(
      Records records, String id, long revision, boolean wanted) {
    JobEntry job = records.job(id);
    if (job != null && job.complete()) {
      JobSpec spec = job.currentSpec();
      known.put(id, spec);
      return wanted
          ? Optional.of(
              new Publication.JobChange(
                  id, spec.getLabelsList(), Publication.jobPiece(jobReader.summary(job))))
          : Optional.empty();
    }
    boolean gone = job == null || job.goal() == null;
    JobSpec last = gone ? known.remove(id) : null;
    return last != null && wanted
        ? Optional.of(
            new Publication.JobChange(
                id,
                last.getLabelsList(),
                Publication.jobPiece(jobReader.deleted(id, last, revision))))
        : Optional.empty();
  }

  private List<Publication.PodChange> pods(
      Records records, RecordChange change, Set<RecordKey> podRecords) {
    if (change.key() instanceof RecordKey.JobGoal goal) {
      return neverLaunchedAndGone(records.job(goal.job()), change.revision());
    }
    if (change.key() instanceof RecordKey.PodGoal goal && change.value().isEmpty()) {
      boolean tells = wasNeverLaunched(records, goal, podRecords);
      return tells ? List.of(gone(goal.job(), goal.instance(), change.revision())) : List.of();
    }
    return pod(records, change).stream().toList();
  }

  /**
   * Instances that were told of for what was asked of them, and that a new spec leaves out: without
   * a record, nothing else says that they are gone.
   */
  private List<Publication.PodChange> neverLaunchedAndGone(JobEntry job, long revision) {
    if (job == null || !job.complete() || job.podGoals().isEmpty()) {
      return List.of();
    }
    int before = lastCount(job.id());
    int now = job.currentSpec().getInstanceCount();
    return before <= now
        ? List.of()
        : job.podGoals().subMap(now, before).keySet().stream()
            .filter(instance -> job.pods().get(instance) == null)
            .map(instance -> gone(job.id(), instance, revision))
            .toList();
  }

  /** Whether what was asked of an instance goes with its job, and no record of it goes as well. */
  private boolean wasNeverLaunched(
      Records records, RecordKey.PodGoal goal, Set<RecordKey> podRecords) {
    JobEntry job = records.job(goal.job());
    return goal.instance() < lastCount(goal.job())
        && (job == null || job.pods().get(goal.instance()) == null)
        && !podRecords.contains(new RecordKey.Pod(goal.job(), goal.instance()));
  }

  private static Set<RecordKey> podRecords(List<RecordChange> changes) {
    Set<RecordKey> pods = new HashSet<>();
    for (RecordChange change : changes) {
      if (change.key() instanceof RecordKey.Pod) {
        pods.add(change.key());
      }
    }
    return pods;
  }

  private int lastCount(String job) {
    JobSpec spec = known.get(job);
    return spec == null ? 0 : spec.getInstanceCount();
  }

  private Publication.PodChange gone(String job, int instance, long revision) {
    return new Publication.PodChange(
        job,
        instance,
        lastLabels(job, instance),
        Publication.podPiece(podReader.deleted(job, instance, revision)));
  }

  private Optional<Publication.PodChange> pod(Records records, RecordChange change) {
    if (change.key() instanceof RecordKey.Pod key) {
      JobEntry job = records.job(key.job());
      if (change.value().isEmpty()) {
        return Optional.of(gone(key.job(), key.instance(), change.revision()));
      }
      return job == null || !job.complete()
          ? Optional.empty()
          : Optional.of(pod(job, key.instance(), (PodRecord) change.value().get()));
    }
    if (change.key() instanceof RecordKey.PodGoal key && change.value().isPresent()) {
      JobEntry job = records.job(key.job());
      return job == null || !job.complete()
          ? Optional.empty()
          : Optional.of(
              pod(job, key.instance(), podReader.record(job, key.instance(), records.lastRuns())));
    }
    return Optional.empty();
  }

  private Publication.PodChange pod(JobEntry job, int instance, PodRecord record) {
    return new Publication.PodChange(
        job.id(),
        instance,
        podReader.labels(job, instance, record),
        Publication.podPiece(podReader.summary(job, instance, record)));
  }

  private List<Label> lastLabels(String job, int instance) {
    JobSpec spec = known.get(job);
    return spec == null ? List.of() : PodReader.labels(spec, instance);
  }
}
