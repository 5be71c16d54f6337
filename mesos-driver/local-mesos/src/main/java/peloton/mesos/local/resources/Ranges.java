package peloton.mesos.local.resources;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.mesos.v1.Protos.Value;

/**
 * A set of whole numbers as sorted, disjoint ranges that do not touch; both ends belong to a range.
 */
public record Ranges(List<Range> ranges) {

  /** No number at all. */
  public static final Ranges NONE = new Ranges(List.of());

  /** From {@code begin} to {@code end}, both included. */
  public record Range(long begin, long end) {
    public Range {
      if (begin < 0 || end < begin) {
        throw new InvalidResources(
            "the range " + begin + "-" + end + " must start at 0 or more and not end before it");
      }
    }
  }

  public Ranges {
    ranges = normalized(ranges);
  }

  /** The ranges of a Mesos value. */
  public static Ranges of(Value.Ranges value) {
    var list = new ArrayList<Range>(value.getRangeCount());
    for (var range : value.getRangeList()) {
      list.add(new Range(range.getBegin(), range.getEnd()));
    }
    return new Ranges(list);
  }

  /** The same as a Mesos value. */
  public Value.Ranges toProto() {
    var builder = Value.Ranges.newBuilder();
    for (var range : ranges) {
      builder.addRangeBuilder().setBegin(range.begin()).setEnd(range.end());
    }
    return builder.build();
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Whether every number of {@code other} is in here. */
  public boolean contains(Ranges other) {
    return other.minus(this).isEmpty();
  }

  public Ranges plus(Ranges other) {
    if (other.isEmpty()) {
      return this;
    }
    var all = new ArrayList<>(ranges);
    all.addAll(other.ranges);
    return new Ranges(all);
  }

  /** These numbers without those of {@code other}. */
  public Ranges minus(Ranges other) {
    if (other.isEmpty() || isEmpty()) {
      return this;
    }
    var left = new ArrayList<Range>();
    for (var range : ranges) {
      long from = range.begin();
      for (var cut : other.ranges) {
        if (cut.end() < from || cut.begin() > range.end()) {
          continue;
        }
        if (cut.begin() > from) {
          left.add(new Range(from, cut.begin() - 1));
        }
        from = cut.end() + 1;
      }
      if (from <= range.end()) {
        left.add(new Range(from, range.end()));
      }
    }
    return new Ranges(left);
  }

  @Override
  public String toString() {
    var text = new StringBuilder("[");
    for (var range : ranges) {
      text.append(text.length() == 1 ? "" : ", ")
          .append(range.begin())
          .append('-')
          .append(range.end());
    }
    return text.append(']').toString();
  }

  private static List<Range> normalized(List<Range> ranges) {
    if (ranges.size() < 2) {
      return List.copyOf(ranges);
    }
    var sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(Range::begin));
    var merged = new ArrayList<Range>(sorted.size());
    var last = sorted.get(0);
    for (var range : sorted.subList(1, sorted.size())) {
      if (range.begin() <= last.end() + 1) {
        last = new Range(last.begin(), Math.max(last.end(), range.end()));
      } else {
        merged.add(last);
        last = range;
      }
    }
    merged.add(last);
    return List.copyOf(merged);
  }
}
