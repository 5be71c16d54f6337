package peloton.command.bench;

import java.util.Arrays;

/** Percentiles by the nearest rank, so that each is a value that was measured. */
final class Percentiles {
  private final long[] sorted;

  /** Takes a copy. */
  Percentiles(long[] values) {
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  /**
   * The smallest value that at least so many of the values are not above.
   *
   * @param percent above 0, at most 100
   * @throws IllegalStateException if there are no values
   */
  long at(double percent) {
    if (sorted.length == 0) {
      throw new IllegalStateException("no values were measured");
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1];
  }

  /** The middle of a few figures, the lower one of two. */
  static double median(double[] values) {
    double[] ordered = values.clone();
    Arrays.sort(ordered);
    return ordered[(ordered.length - 1) / 2];
  }
}
