package peloton.operator.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
   * Translates changes that the records hold already: a publication for each revision, in order.
   * Jobs are told of with the last, as they are after all of the changes.
   */
  List<Publication> translate(
      Records records, List<RecordChange> changes, long revision, Wanted wanted) {
    List<Publication> publications = new ArrayList<>();
    Set<String> touched = new LinkedHashSet<>();
    List<Publication.PodChange> pods = new ArrayList<>();
    long at = 0;
    for (RecordChange change : changes) {
      if (change.revision() != at) {
        if (!pods.isEmpty()) {
          publications.add(new Publication(at, pods, List.of()));
          pods.clear();
        }
        at = change.revision();
      }
      touchedJob(change.key(), wanted.jobs()).ifPresent(touched::add);
      if (wanted.pods()) {
        pod(records, change).ifPresent(pods::add);
      }
    }
    List<Publication.JobChange> jobs = new ArrayList<>();
    for (String id : touched) {
      job(records, id, revision, wanted.jobs()).ifPresent(jobs::add);
    }
    if (at == revision) {
      publications.add(new Publication(revision, pods, jobs));
    } else {
      if (!pods.isEmpty()) {
        publications.add(new Publication(at, pods, List.of()));
      }
      publications.add(new Publication(revision, List.of(), jobs));
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

  private Optional<Publication.PodChange> pod(Records records, RecordChange change) {
    if (change.key() instanceof RecordKey.Pod key) {
      JobEntry job = records.job(key.job());
      if (change.value().isEmpty()) {
        return Optional.of(
            new Publication.PodChange(
                key.job(),
                key.instance(),
                lastLabels(key.job(), key.instance()),
                Publication.podPiece(
                    podReader.deleted(key.job(), key.instance(), change.revision()))));
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
