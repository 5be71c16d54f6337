package peloton.entitlement;

/**
 * Weighted max-min fairness in one place: the level L for which the sum of {@code min(cap, L *
 * weight)} is the amount to give. Found by selection, in time that grows with the number of vessels
 * and without garbage; which vessel came first makes no difference beyond rounding.
 */
final class WaterFill {
  private final double[] caps;
  private final double[] weights;
  private final double[] ratios;
  private int size;

  /** For up to so many vessels. */
  WaterFill(int most) {
    caps = new double[most];
    weights = new double[most];
    ratios = new double[most];
  }

  /** Forgets all vessels. */
  void clear() {
    size = 0;
  }

  /** A vessel that takes at most {@code cap}; one without weight or room takes nothing. */
  void add(double cap, double weight) {
    if (cap > 0 && weight > 0) {
      caps[size] = cap;
      weights[size] = weight;
      ratios[size] = cap / weight;
      size++;
    }
  }

  /**
   * The level for an amount, at least 0; infinite if every vessel is full and something may be
   * left. The vessels are in another order afterwards.
   */
  double level(double amount) {
    int low = 0;
    int high = size;
    double left = amount;
    double open = 0;
    while (low < high) {
      double pivot = pivot(low, high);
      int less = low;
      int greater = high;
      double fullCaps = 0;
      double equalWeights = 0;
      double greaterWeights = 0;
      for (int i = low; i < greater; ) {
        double ratio = ratios[i];
        if (ratio < pivot) {
          fullCaps += caps[i];
          swap(i++, less++);
        } else if (ratio > pivot) {
          greaterWeights += weights[i];
          swap(i, --greater);
        } else {
          fullCaps += caps[i];
          equalWeights += weights[i];
          i++;
        }
      }
      if (fullCaps + pivot * (greaterWeights + open) <= left) {
        left -= fullCaps;
        low = greater;
      } else {
        open += equalWeights + greaterWeights;
        high = less;
      }
    }
    return open == 0 ? Double.POSITIVE_INFINITY : Math.max(0, left) / open;
  }

  /** The median of the first, the middle and the last. */
  private double pivot(int low, int high) {
    double a = ratios[low];
    double b = ratios[(low + high) >>> 1];
    double c = ratios[high - 1];
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  private void swap(int a, int b) {
    if (a != b) {
      double cap = caps[a];
      caps[a] = caps[b];
      caps[b] = cap;
      double weight = weights[a];
      weights[a] = weights[b];
      weights[b] = weight;
      double ratio = ratios[a];
      ratios[a] = ratios[b];
      ratios[b] = ratio;
    }
  }
}
