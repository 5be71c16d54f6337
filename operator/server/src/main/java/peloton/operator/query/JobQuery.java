package peloton.operator.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.QuerySpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryJobsResponse;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.desired.ApiException;
import peloton.desired.pool.PoolTree;
import peloton.operator.read.JobReader;
import peloton.store.view.Records;

/**
 * The jobs that meet every condition of a query, newest first unless it says otherwise. A max_limit
 * of 0 means 100, as the API has it: of more jobs the first 100 are looked at.
 */
public final class JobQuery {
  private static final long DEFAULT_MOST = 100;

  private static final Map<String, Comparator<JobRow>> PROPERTIES =
      Map.ofEntries(
          Map.entry("job_id", Comparator.comparing(JobRow::id)),
          Map.entry("name", Comparator.comparing(JobRow::name)),
          Map.entry("owner", Comparator.comparing(JobRow::owner)),
          Map.entry("owning_team", Comparator.comparing(JobRow::owningTeam)),
          Map.entry("state", Comparator.comparing(row -> row.state().name())),
          Map.entry("creation_time", Comparator.comparingLong(JobRow::createdAt)),
          Map.entry("completion_time", Comparator.comparingLong(JobRow::completedAt)),
          Map.entry("update_time", Comparator.comparingLong(JobRow::updatedAt)),
          Map.entry("instance_count", Comparator.comparingInt(JobRow::instances)),
          Map.entry("respool_id", Comparator.comparing(JobRow::pool)));

  private final JobIndex index;
  private final JobReader jobs;

  public JobQuery(JobIndex index, JobReader jobs) {
    this.index = index;
    this.jobs = jobs;
  }

  /**
   * Answers a query.
   *
   * @throws ApiException INVALID_ARGUMENT for a path without a pool, a state that is none, a time
   *     range without a beginning or an end, or an order by what there is not
   */
  public QueryJobsResponse answer(QueryJobsRequest request, Records records) {
    QuerySpec spec = request.getSpec();
    Page page = Page.of(spec.getPagination(), DEFAULT_MOST);
    Filter filter = filter(spec, records);
    Optional<Orders.Order<JobRow>> order =
        Orders.read(spec.getPagination().getOrderByList(), PROPERTIES);
    List<JobRow> rows;
    long matches;
    if (order.isPresent()) {
      Page.Selection<JobRow> selection =
          page.selection(order.get().comparator().thenComparing(JobRow::place));
      for (JobRow row : candidates(filter)) {
        if (filter.test(row)) {
          selection.offer(row);
        }
      }
      rows = selection.page();
      matches = selection.matches();
    } else {
      rows = new ArrayList<>();
      matches = 0;
      for (JobRow row : candidates(filter)) {
        if (matches == page.most()) {
          break;
        }
        if (filter.test(row)) {
          if (matches >= page.from() && matches < page.to()) {
            rows.add(row);
          }
          matches++;
        }
      }
    }
    QueryJobsResponse.Builder response =
        QueryJobsResponse.newBuilder()
            .setSpec(spec)
            .setPagination(page.answer(spec.getPagination(), matches));
    for (JobRow row : rows) {
      jobs.findSummary(row.job()).ifPresent(response::addRecords);
    }
    return response.build();
  }

  /** The shortest list that holds all matches. */
  private Collection<JobRow> candidates(Filter filter) {
    Collection<JobRow> best = index.all();
    if (!filter.owner().isEmpty()) {
      best = index.ownedBy(filter.owner());
    } else if (filter.pool().isPresent()) {
      best = index.inPool(filter.pool().get());
    } else if (filter.states().size() == 1) {
      best = index.inState(filter.states().iterator().next());
    }
    return best;
  }

  private static Filter filter(QuerySpec spec, Records records) {
    return new Filter(
        pool(spec, records),
        spec.getOwner(),
        spec.getName(),
        states(spec),
        spec.getLabelsList(),
        spec.getKeywordsList().stream().map(word -> word.toLowerCase(Locale.ROOT)).toList(),
        TimeSpan.read(
            "spec.creation_time_range", spec.hasCreationTimeRange(), spec.getCreationTimeRange()),
        TimeSpan.read(
            "spec.completion_time_range",
            spec.hasCompletionTimeRange(),
            spec.getCompletionTimeRange()));
  }

  private static Optional<String> pool(QuerySpec spec, Records records) {
    String path = spec.getRespool().getValue();
    if (path.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> pool =
        path.startsWith("/") ? PoolTree.of(records).lookup(path) : Optional.empty();
    if (pool.isEmpty()) {
      throw new ApiException(
          ApiException.Code.INVALID_ARGUMENT,
          "spec.respool: there is no resource pool at \""
              + Orders.shortened(path)
              + "\"; QueryResourcePools lists the paths that there are");
    }
    return pool;
  }

  private static Set<JobState> states(QuerySpec spec) {
    Set<JobState> states = EnumSet.noneOf(JobState.class);
    for (int number : spec.getJobStatesValueList()) {
      JobState state = JobState.forNumber(number);
      if (state == null || state == JobState.JOB_STATE_INVALID) {
        throw new ApiException(
            ApiException.Code.INVALID_ARGUMENT,
            "spec.job_states: " + number + " is no state of a job; allowed: 1 to 9");
      }
      states.add(state);
    }
    return states;
  }

  /** All conditions of a query. */
  private record Filter(
      Optional<String> pool,
      String owner,
      String name,
      Set<JobState> states,
      List<Label> labels,
      List<String> keywords,
      Optional<TimeSpan> created,
      Optional<TimeSpan> completed) {

    boolean test(JobRow row) {
      return (pool.isEmpty() || pool.get().equals(row.pool()))
          && (owner.isEmpty() || owner.equals(row.owner()))
          && (states.isEmpty() || states.contains(row.state()))
          && (name.isEmpty() || row.name().contains(name))
          && (created.isEmpty() || created.get().contains(row.createdAt()))
          && (completed.isEmpty()
              || (row.completedAt() != 0 && completed.get().contains(row.completedAt())))
          && labels.stream().allMatch(label -> labelled(row, label))
          && keywords.stream().allMatch(row.text()::contains);
    }

    /** A label without a key is looked for by its value, which is all that Peloton compared. */
    private static boolean labelled(JobRow row, Label wanted) {
      return wanted.getKey().isEmpty()
          ? row.labels().stream().anyMatch(label -> label.getValue().equals(wanted.getValue()))
          : row.labels().contains(wanted);
    }
  }
}
