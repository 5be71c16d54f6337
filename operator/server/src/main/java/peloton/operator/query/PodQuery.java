package peloton.operator.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsResponse;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.QuerySpec;
import peloton.api.v1alpha.query.Query.PaginationSpec;
import peloton.desired.ApiException;
import peloton.operator.read.PodReader;
import peloton.operator.read.PodStates;
import peloton.records.PodRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.Records;

/**
 * The pods of a job that meet every condition of a query, by instance unless it says otherwise. How
 * many there are is read off counters where they can tell.
 */
public final class PodQuery {
  private static final Map<String, Comparator<PodRow>> PROPERTIES =
      Map.ofEntries(
          Map.entry("creation_time", Comparator.comparingLong(row -> row.pod().getStartedAt())),
          Map.entry("start_time", Comparator.comparingLong(row -> row.pod().getStartedAt())),
          Map.entry("host", Comparator.comparing(row -> row.pod().getHost())),
          Map.entry("instance_id", Comparator.comparingInt(PodRow::instance)),
          Map.entry("message", Comparator.comparing(row -> row.pod().getMessage())),
          Map.entry("name", Comparator.comparingInt(PodRow::instance)),
          Map.entry("reason", Comparator.comparing(row -> row.pod().getReason())),
          Map.entry("state", Comparator.comparing(row -> row.state().name())));

  private final PodReader pods;

  public PodQuery(PodReader pods) {
    this.pods = pods;
  }

  /** An instance; its record is the default one if it was never launched. */
  private record PodRow(int instance, PodState state, PodRecord pod) {}

  /**
   * Answers a query.
   *
   * @throws ApiException INVALID_ARGUMENT for a state or a name that is none, or an order by what
   *     there is not
   */
  public QueryPodsResponse answer(QueryPodsRequest request, JobEntry job, Records records) {
    QuerySpec spec = request.getSpec();
    PaginationSpec wanted = spec.hasPagination() ? spec.getPagination() : request.getPagination();
    Page page = Page.of(wanted, Integer.toUnsignedLong(-1));
    Filter filter =
        new Filter(states(spec), Set.copyOf(new HashSet<>(spec.getHostsList())), names(spec, job));
    Optional<Comparator<PodRow>> order = Orders.read(wanted.getOrderByList(), PROPERTIES);
    Walk walk = new Walk(job, filter);
    Result result =
        order.isPresent()
            ? walk.ordered(page, order.get().thenComparingInt(PodRow::instance))
            : walk.byInstance(page);
    QueryPodsResponse.Builder response =
        QueryPodsResponse.newBuilder().setPagination(page.answer(wanted, result.matches()));
    for (PodRow row : result.rows()) {
      response.addPods(
          pods.info(job, row.instance(), records.lastRuns(), !request.getSummaryOnly()));
    }
    return response.build();
  }

  private record Result(List<PodRow> rows, long matches) {}

  /** All conditions of a query; the names as instances, empty for all. */
  private record Filter(Set<PodState> states, Set<String> hosts, Optional<Set<Integer>> names) {
    boolean test(PodRow row) {
      return (states.isEmpty() || states.contains(row.state()))
          && (hosts.isEmpty() || hosts.contains(row.pod().getHost()));
    }

    /** How many match, if the counters can tell. */
    OptionalLong count(PodStates counts) {
      if (!hosts.isEmpty() || names.isPresent()) {
        return OptionalLong.empty();
      }
      ToLongFunction<PodState> count = counts::count;
      return OptionalLong.of(
          (states.isEmpty() ? EnumSet.allOf(PodState.class) : states)
              .stream().filter(s -> s != PodState.UNRECOGNIZED).mapToLong(count).sum());
    }
  }

  /** One look at a job's pods. */
  private final class Walk {
    private final JobEntry job;
    private final Filter filter;
    private final PodStates states;

    Walk(JobEntry job, Filter filter) {
      this.job = job;
      this.filter = filter;
      this.states = new PodStates(job);
    }

    Result byInstance(Page page) {
      OptionalLong known = filter.count(states);
      List<PodRow> rows = new ArrayList<>();
      long matches = 0;
      PrimitiveIterator.OfInt instances = instances();
      while (instances.hasNext()) {
        if (known.isPresent() && (matches >= page.to() || matches >= known.getAsLong())) {
          // The rest would only be counted.
          return new Result(rows, known.getAsLong());
        }
        PodRow row = row(instances.nextInt());
        if (row != null && filter.test(row)) {
          if (matches >= page.from() && matches < page.to()) {
            rows.add(row);
          }
          matches++;
        }
      }
      return new Result(rows, matches);
    }

    Result ordered(Page page, Comparator<PodRow> order) {
      Page.Selection<PodRow> selection = page.selection(order);
      PrimitiveIterator.OfInt instances = instances();
      while (instances.hasNext()) {
        PodRow row = row(instances.nextInt());
        if (row != null && filter.test(row)) {
          selection.offer(row);
        }
      }
      return new Result(selection.page(), selection.matches());
    }

    private PrimitiveIterator.OfInt instances() {
      return filter
          .names()
          .map(names -> names.stream().mapToInt(Integer::intValue))
          .orElseGet(() -> IntStream.range(0, pods.bound(job)))
          .iterator();
    }

    private PodRow row(int instance) {
      PodRecord pod = job.pods().get(instance);
      if (pod != null) {
        return new PodRow(instance, pod.getState(), pod);
      }
      return pods.exists(job, instance)
          ? new PodRow(instance, states.unlaunched(instance), PodRecord.getDefaultInstance())
          : null;
    }
  }

  private static Set<PodState> states(QuerySpec spec) {
    Set<PodState> states = EnumSet.noneOf(PodState.class);
    for (int number : spec.getPodStatesValueList()) {
      PodState state = PodState.forNumber(number);
      if (state == null || state == PodState.POD_STATE_INVALID) {
        throw new ApiException(
            ApiException.Code.INVALID_ARGUMENT,
            "spec.pod_states: " + number + " is no state of a pod; allowed: 1 to 17");
      }
      states.add(state);
    }
    return states;
  }

  private static Optional<Set<Integer>> names(QuerySpec spec, JobEntry job) {
    if (spec.getNamesCount() == 0) {
      return Optional.empty();
    }
    Set<Integer> instances = new TreeSet<>();
    for (int i = 0; i < spec.getNamesCount(); i++) {
      try {
        PodName name = PodName.parse(spec.getNames(i).getValue());
        if (name.job().equals(job.id())) {
          instances.add(name.instance());
        }
      } catch (IllegalArgumentException none) {
        throw new ApiException(
            ApiException.Code.INVALID_ARGUMENT,
            "spec.names[" + i + "]: " + none.getMessage(),
            none);
      }
    }
    return Optional.of(instances);
  }
}
