package peloton.operator.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
 * many there are is read off counters where they can tell, and an order is worked out once for all
 * pages of a job that does not change ({@link SortedInstances}).
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

  /** What all kept orders may hold together: 16 MiB. */
  private static final int INSTANCES_KEPT = 4 << 20;

  private final PodReader pods;
  private final SortedInstances sorted = new SortedInstances(INSTANCES_KEPT);

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
    Optional<Orders.Order<PodRow>> order = Orders.read(wanted.getOrderByList(), PROPERTIES);
    Walk walk = new Walk(job, filter);
    Result result = order.isPresent() ? walk.ordered(page, order.get()) : walk.byInstance(page);
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
      return filter.names().isPresent()
          ? inTurn(page, filter.names().get().stream().mapToInt(Integer::intValue).toArray())
          : inTurn(page, pods.bound(job), IntUnaryOperator.identity());
    }

    Result ordered(Page page, Orders.Order<PodRow> order) {
      Comparator<PodRow> comparator = order.comparator().thenComparingInt(PodRow::instance);
      return filter.names().isPresent()
          ? inTurn(page, sort(filter.names().get().stream(), comparator))
          : inTurn(page, sorted.get(job, order.name(), before -> sort(before, comparator)));
    }

    private Result inTurn(Page page, int[] instances) {
      return inTurn(page, instances.length, position -> instances[position]);
    }

    /** The matches among instances that come in the wanted order already. */
    private Result inTurn(Page page, int length, IntUnaryOperator instances) {
      OptionalLong known = filter.count(states);
      // If all match, the page's place is known without a look at what comes before it.
      int position =
          known.isPresent() && known.getAsLong() == length
              ? (int) Math.min(page.from(), length)
              : 0;
      List<PodRow> rows = new ArrayList<>();
      long matches = position;
      for (; position < length; position++) {
        if (known.isPresent() && (matches >= page.to() || matches >= known.getAsLong())) {
          // The rest would only be counted.
          return new Result(rows, known.getAsLong());
        }
        PodRow row = row(instances.applyAsInt(position));
        if (row != null && filter.test(row)) {
          if (matches >= page.from() && matches < page.to()) {
            rows.add(row);
          }
          matches++;
        }
      }
      return new Result(rows, matches);
    }

    /**
     * Sorts every instance there is.
     *
     * @param before their order at an earlier time: the closer to the wanted one, the less to do
     */
    private int[] sort(int[] before, Comparator<PodRow> comparator) {
      int bound = pods.bound(job);
      BitSet listed = new BitSet(bound);
      for (int instance : before) {
        listed.set(instance);
      }
      return sort(
          IntStream.concat(
                  Arrays.stream(before),
                  IntStream.range(0, bound).filter(instance -> !listed.get(instance)))
              .boxed(),
          comparator);
    }

    private int[] sort(Stream<Integer> instances, Comparator<PodRow> comparator) {
      // Each record is looked at once, so that the order holds while the job changes.
      return instances
          .map(this::row)
          .filter(Objects::nonNull)
          .sorted(comparator)
          .mapToInt(PodRow::instance)
          .toArray();
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
