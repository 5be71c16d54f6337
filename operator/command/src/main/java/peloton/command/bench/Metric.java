package peloton.command.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One figure of a report.
 *
 * @param id such as {@code launch.rate}
 * @param values of the runs, at least one
 * @param peer what it is compared with; the ratio is value by peer
 * @param goal what it should reach, if there is such
 */
record Metric(
    String id, List<Double> values, String unit, Optional<Peer> peer, Optional<Goal> goal) {

  /** A figure that is only shown. */
  static Metric shown(String id, List<Double> values, String unit) {
    return new Metric(id, values, unit, Optional.empty(), Optional.empty());
  }

  /** The same, held to a goal. */
  Metric with(Goal to) {
    return new Metric(id, values, unit, peer, Optional.of(to));
  }

  /** The same, compared with a peer. */
  Metric against(String name, double value) {
    return new Metric(id, values, unit, Optional.of(new Peer(name, value)), goal);
  }

  /** What the same machine does without us. */
  record Peer(String name, double value) {}

  /**
   * A bound on the value or, if there is a peer, on the ratio to it.
   *
   * @param least whether it is a lower bound
   */
  record Goal(double bound, boolean least) {
    static Goal atLeast(double bound) {
      return new Goal(bound, true);
    }

    static Goal atMost(double bound) {
      return new Goal(bound, false);
    }

    boolean holds(double value) {
      return least ? value >= bound : value <= bound;
    }

    /** Whether a value misses by more than a fifth. */
    boolean missesBadly(double value) {
      return least ? value < bound * 0.8 : value > bound * 1.2;
    }

    @Override
    public String toString() {
      return (least ? ">= " : "<= ") + number(bound);
    }
  }

  double median() {
    return Percentiles.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  double least() {
    return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  double most() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /** The median by the peer's value. */
  OptionalDouble ratio() {
    return peer.isPresent() ? OptionalDouble.of(judged(median())) : OptionalDouble.empty();
  }

  private double judged(double value) {
    return peer.map(p -> value / p.value()).orElse(value);
  }

  /** PASS, FAIL, or FLAKY if the median passes and the worst run misses by more than a fifth. */
  String verdict() {
    if (goal.isEmpty()) {
      return "-";
    }
    if (!goal.get().holds(judged(median()))) {
      return "FAIL";
    }
    double worst = goal.get().least() ? least() : most();
    return goal.get().missesBadly(judged(worst)) ? "FLAKY" : "PASS";
  }

  private String verdict(int violations) {
    return violations == 0 ? verdict() : "VOID";
  }

  /** The same for JSON. */
  Map<String, Object> fields(int violations) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("median", median());
    fields.put("min", least());
    fields.put("max", most());
    fields.put("unit", unit);
    peer.ifPresent(p -> fields.put("peer", p));
    if (ratio().isPresent()) {
      fields.put("ratio", ratio().getAsDouble());
    }
    goal.ifPresent(g -> fields.put("goal", g.toString()));
    fields.put("verdict", verdict(violations));
    return fields;
  }

  /** One line for people and programs: fields between bars, in a fixed order. */
  String line(int violations) {
    return String.join(
        " | ",
        Arrays.asList(
            "METRIC " + id + " " + number(median()) + " " + unit,
            peer.map(p -> p.name() + " " + number(p.value())).orElse("-"),
            ratio().isPresent() ? number(ratio().getAsDouble()) : "-",
            goal.map(Goal::toString).orElse("-"),
            verdict(violations),
            values.size() + " " + number(least()) + " " + number(most()),
            "violations=" + violations));
  }

  /** Three digits or more, and no more than are of use. */
  static String number(double value) {
    double size = Math.abs(value);
    String format =
        size >= 100 || size == 0 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f";
    return String.format(Locale.ROOT, format, value);
  }
}
