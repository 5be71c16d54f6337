package peloton.operator.access;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.desired.pool.PoolTree;
import peloton.store.view.JobEntry;
import peloton.store.view.Records;

/** In which resource pools a request would change something. */
final class PoolScope {
  private final Supplier<Records> records;

  PoolScope(Supplier<Records> records) {
    this.records = records;
  }

  /**
   * The paths of the pools.
   *
   * @return empty for a request that is about no pool at all, or about a thing that there is not;
   *     the latter fails by itself
   */
  Set<String> of(Object request) {
    Records now = records.get();
    PoolTree tree = PoolTree.of(now);
    Set<String> paths = new TreeSet<>();
    add(tree, paths, Entities.text(request, "spec.respool_id"));
    add(tree, paths, Entities.text(request, "respool_id"));
    if (Entities.text(request, "spec.name").isPresent()) {
      add(tree, paths, Entities.text(request, "spec.parent"));
    }
    Optional<String> job =
        Entities.text(request, "job_id")
            .or(() -> Entities.text(request, "pod_name").flatMap(PoolScope::jobOf));
    job.map(now::job).flatMap(PoolScope::poolOf).ifPresent(p -> add(tree, paths, Optional.of(p)));
    return paths;
  }

  private static void add(PoolTree tree, Set<String> paths, Optional<String> pool) {
    pool.flatMap(tree::path).ifPresent(paths::add);
  }

  private static Optional<String> jobOf(String podName) {
    try {
      return Optional.of(PodName.parse(podName).job());
    } catch (IllegalArgumentException notAPod) {
      return Optional.empty();
    }
  }

  private static Optional<String> poolOf(JobEntry job) {
    JobSpec spec = job.goal() == null ? null : job.currentSpec();
    return Optional.ofNullable(spec).map(s -> s.getRespoolId().getValue());
  }
}
