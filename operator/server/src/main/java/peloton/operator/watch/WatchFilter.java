package peloton.operator.watch;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.peloton.Peloton.PodName;
import peloton.api.v1alpha.watch.Watch.PodFilter;
import peloton.api.v1alpha.watch.Watch.StatelessJobFilter;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;

/**
 * Which changes one client wants. An empty filter wants everything of its kind; what is given must
 * hold together: one of the ids or names, and every label.
 */
final class WatchFilter {
  private final Optional<Pods> pods;
  private final Optional<Jobs> jobs;

  private record Pods(String job, Set<String> names, List<Label> labels) {}

  private record Jobs(Set<String> ids, List<Label> labels) {}

  WatchFilter(WatchRequest request) {
    this.pods =
        request.hasPodFilter() ? Optional.of(pods(request.getPodFilter())) : Optional.empty();
    this.jobs =
        request.hasStatelessJobFilter()
            ? Optional.of(jobs(request.getStatelessJobFilter()))
            : Optional.empty();
  }

  boolean wantsPods() {
    return pods.isPresent();
  }

  boolean wantsJobs() {
    return jobs.isPresent();
  }

  /** The jobs outside of which nothing can match; empty if any job may. */
  Optional<Set<String>> onlyJobs() {
    Set<String> all = new HashSet<>();
    if (pods.isPresent()) {
      if (!pods.get().job().isEmpty()) {
        all.add(pods.get().job());
      } else {
        return Optional.empty();
      }
    }
    if (jobs.isPresent()) {
      if (jobs.get().ids().isEmpty()) {
        return Optional.empty();
      }
      all.addAll(jobs.get().ids());
    }
    return Optional.of(all);
  }

  /** The matching pieces of a publication, one after the other; empty if nothing matches. */
  ByteString select(Publication publication) {
    List<ByteString> pieces = new ArrayList<>();
    if (jobs.isPresent()) {
      for (Publication.JobChange change : publication.jobs()) {
        if (matches(jobs.get(), change)) {
          pieces.add(change.piece());
        }
      }
    }
    if (pods.isPresent()) {
      for (Publication.PodChange change : publication.pods()) {
        if (matches(pods.get(), change)) {
          pieces.add(change.piece());
        }
      }
    }
    return ByteString.copyFrom(pieces);
  }

  private static boolean matches(Jobs filter, Publication.JobChange change) {
    return (filter.ids().isEmpty() || filter.ids().contains(change.job()))
        && change.labels().containsAll(filter.labels());
  }

  private static boolean matches(Pods filter, Publication.PodChange change) {
    return (filter.job().isEmpty() || filter.job().equals(change.job()))
        && (filter.names().isEmpty()
            || filter.names().contains(change.job() + "-" + change.instance()))
        && (filter.labels().isEmpty() || change.labels().containsAll(filter.labels()));
  }

  private static Pods pods(PodFilter filter) {
    return new Pods(
        filter.getJobId().getValue(),
        filter.getPodNamesList().stream().map(PodName::getValue).collect(Collectors.toSet()),
        filter.getLabelsList());
  }

  private static Jobs jobs(StatelessJobFilter filter) {
    return new Jobs(
        filter.getJobIdsList().stream().map(JobID::getValue).collect(Collectors.toSet()),
        filter.getLabelsList());
  }
}
