package peloton.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import peloton.records.InstanceRange;

/** Sets of instances as half-open ranges. */
public final class InstanceRanges {
  private InstanceRanges() {}

  /** The fewest ranges that hold the instances, which must be in ascending order. */
  public static List<InstanceRange> of(Iterable<Integer> ascending) {
    List<InstanceRange> ranges = new ArrayList<>();
    int from = -1;
    int to = -1;
    for (int instance : ascending) {
      if (instance != to) {
        if (from >= 0) {
          ranges.add(range(from, to));
        }
        from = instance;
      }
      to = instance + 1;
    }
    if (from >= 0) {
      ranges.add(range(from, to));
    }
    return ranges;
  }

  /** Calls back for every instance, ascending. */
  public static void forEach(List<InstanceRange> ranges, IntConsumer consumer) {
    for (InstanceRange range : ranges) {
      for (int instance = range.getFrom(); instance < range.getTo(); instance++) {
        consumer.accept(instance);
      }
    }
  }

  /**
   * Whether one of the ranges holds an instance. Looked up by halves: a restart of every second
   * instance of a large job has tens of thousands of them.
   *
   * @param ranges ascending and disjoint, as {@link #of} makes them
   */
  public static boolean contain(List<InstanceRange> ranges, int instance) {
    int low = 0;
    int high = ranges.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      InstanceRange range = ranges.get(middle);
      if (instance < range.getFrom()) {
        high = middle - 1;
      } else if (instance >= range.getTo()) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** How many instances the ranges hold. */
  public static int size(List<InstanceRange> ranges) {
    return ranges.stream().mapToInt(range -> range.getTo() - range.getFrom()).sum();
  }

  private static InstanceRange range(int from, int to) {
    return InstanceRange.newBuilder().setFrom(from).setTo(to).build();
  }
}
