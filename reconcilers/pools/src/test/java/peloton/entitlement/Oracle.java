package peloton.entitlement;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Entitlements once more, in exact fractions and in another way: water rises in all vessels at once
 * until one is full, then in the others, and so on.
 */
final class Oracle {
  /** A pool for one kind. */
  static final class Pool {
    final long reservation;
    final long limit;
    final long share;
    final boolean fixed;
    final List<Pool> children = new ArrayList<>();
    long demand;
    Fraction entitlement = Fraction.ZERO;

    Pool(long reservation, long limit, long share, boolean fixed) {
      this.reservation = reservation;
      this.limit = limit;
      this.share = share;
      this.fixed = fixed;
    }

    long claim() {
      long wanted = children.isEmpty() ? demand : children.stream().mapToLong(Pool::claim).sum();
      return Math.min(limit, fixed ? Math.max(wanted, reservation) : wanted);
    }
  }

  private Oracle() {}

  static void divide(Pool pool, Fraction amount) {
    pool.entitlement = amount;
    List<Pool> children = pool.children;
    Fraction left = amount;
    left =
        pour(children, left, child -> child.reservation, c -> Math.min(c.claim(), c.reservation));
    left = pour(children, left, child -> child.share, Pool::claim);
    pour(children, left, child -> child.share, child -> child.limit);
    children.forEach(child -> divide(child, child.entitlement));
  }

  /** Fills each child up to a mark, in proportion to weights; returns what is left. */
  private static Fraction pour(
      List<Pool> children,
      Fraction amount,
      ToLongFunction<Pool> weight,
      ToLongFunction<Pool> mark) {
    Fraction left = amount;
    while (true) {
      List<Pool> open = new ArrayList<>();
      for (Pool child : children) {
        if (weight.applyAsLong(child) > 0
            && child.entitlement.compareTo(Fraction.of(mark.applyAsLong(child))) < 0) {
          open.add(child);
        }
      }
      if (open.isEmpty() || left.compareTo(Fraction.ZERO) <= 0) {
        return left;
      }
      Fraction weights = Fraction.ZERO;
      for (Pool child : open) {
        weights = weights.plus(Fraction.of(weight.applyAsLong(child)));
      }
      Fraction rise = left.over(weights);
      for (Pool child : open) {
        Fraction room = Fraction.of(mark.applyAsLong(child)).minus(child.entitlement);
        Fraction full = room.over(Fraction.of(weight.applyAsLong(child)));
        rise = full.compareTo(rise) < 0 ? full : rise;
      }
      for (Pool child : open) {
        Fraction given = rise.times(Fraction.of(weight.applyAsLong(child)));
        child.entitlement = child.entitlement.plus(given);
        left = left.minus(given);
      }
    }
  }

  /** An exact number. */
  record Fraction(BigInteger top, BigInteger bottom) implements Comparable<Fraction> {
    static final Fraction ZERO = of(0);

    static Fraction of(long whole) {
      return new Fraction(BigInteger.valueOf(whole), BigInteger.ONE);
    }

    Fraction {
      BigInteger common = top.gcd(bottom);
      if (!common.equals(BigInteger.ONE) && common.signum() != 0) {
        top = top.divide(common);
        bottom = bottom.divide(common);
      }
    }

    Fraction plus(Fraction o) {
      return new Fraction(
          top.multiply(o.bottom).add(o.top.multiply(bottom)), bottom.multiply(o.bottom));
    }

    Fraction minus(Fraction o) {
      return plus(new Fraction(o.top.negate(), o.bottom));
    }

    Fraction times(Fraction o) {
      return new Fraction(top.multiply(o.top), bottom.multiply(o.bottom));
    }

    Fraction over(Fraction o) {
      return new Fraction(top.multiply(o.bottom), bottom.multiply(o.top));
    }

    double value() {
      return new java.math.BigDecimal(top)
          .divide(new java.math.BigDecimal(bottom), java.math.MathContext.DECIMAL64)
          .doubleValue();
    }

    @Override
    public int compareTo(Fraction o) {
      return top.multiply(o.bottom).compareTo(o.top.multiply(bottom));
    }
  }
}
