package peloton.operator.process;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import peloton.api.ids.EntityVersion;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;
import peloton.controllers.reconcile.Views;
import peloton.desired.ApiException;
import peloton.desired.job.JobSnapshot;
import peloton.desired.pod.Availability;
import peloton.operator.read.CurrentView;
import peloton.operator.read.JobReader;
import peloton.operator.read.PoolReader;
import peloton.store.view.JobEntry;
import peloton.store.view.Records;

/** What custom resources' statuses are made of, from the readers of the API. */
final class RecordViews implements Views {
  /** How old sums over all jobs may be: each takes a look at every job. */
  private static final long MOST_AGE = Duration.ofSeconds(1).toNanos();

  private final CurrentView view;
  private final JobReader jobs;
  private final LongSupplier nanoTime;
  private volatile Optional<Pools> pools = Optional.empty();

  private record Pools(PoolReader reader, Map<String, Integer> jobs, long at) {}

  RecordViews(CurrentView view, JobReader jobs, LongSupplier nanoTime) {
    this.view = view;
    this.jobs = jobs;
    this.nanoTime = nanoTime;
  }

  @Override
  public Records records() {
    return view.records();
  }

  @Override
  public Optional<JobView> job(JobEntry job) {
    try {
      JobInfo info = jobs.info(job);
      int instances = info.getSpec().getInstanceCount();
      String current =
          EntityVersion.ofConfiguration(
                  EntityVersion.parse(info.getStatus().getVersion().getValue()).configuration())
              .toString();
      return Optional.of(
          new JobView(
              info,
              ready(job, instances),
              info.getStatus().getPodConfigurationVersionStatsOrDefault(current, 0)));
    } catch (ApiException going) {
      return Optional.empty();
    }
  }

  private static int ready(JobEntry job, int instances) {
    int ready = 0;
    for (int instance = 0; instance < Math.min(instances, job.pods().bound()); instance++) {
      if (Availability.of(job, instance, instances) == Availability.AVAILABLE) {
        ready++;
      }
    }
    return ready;
  }

  @Override
  public Optional<PoolView> pool(String id) {
    Pools latest = latest(id);
    return latest.reader().tree().contains(id)
        ? Optional.of(
            new PoolView(latest.reader().info(id), latest.jobs().getOrDefault(id, 0), Map.of()))
        : Optional.empty();
  }

  private Pools latest(String id) {
    Optional<Pools> kept = pools;
    Records records = view.records();
    boolean fresh =
        kept.isPresent()
            && nanoTime.getAsLong() - kept.get().at() < MOST_AGE
            // A pool that was just written is shown as it is now.
            && kept.get()
                .reader()
                .tree()
                .pool(id)
                .equals(Optional.ofNullable(records.pools().get(id)));
    if (fresh) {
      return kept.get();
    }
    Map<String, Integer> counts = new HashMap<>();
    for (JobEntry job : records.jobs()) {
      JobSnapshot.of(job)
          .ifPresent(
              found -> counts.merge(found.spec().getRespoolId().getValue(), 1, Integer::sum));
    }
    Pools made = new Pools(PoolReader.of(records), counts, nanoTime.getAsLong());
    pools = Optional.of(made);
    return made;
  }
}
