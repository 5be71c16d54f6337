package peloton.controllers.spec;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Amounts of resources: quantities in Kubernetes, plain numbers in the API, which counts memory and
 * disk in Mi and calls them MB, as Mesos does.
 */
public final class Amounts {
  private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1024 * 1024);
  private static final BigDecimal KIBIBYTE = BigDecimal.valueOf(1024);
  private static final int MILLIS = 3;

  private Amounts() {}

  /** Cores or devices; 0 if left out. */
  static double count(Quantity quantity, String path, Problems problems) {
    return number(quantity, path, problems).doubleValue();
  }

  /** Mi, whole or broken; 0 if left out. Less than 1Mi, but something, is a forgotten unit. */
  static double megabytes(Quantity quantity, String path, Problems problems) {
    BigDecimal bytes = number(quantity, path, problems);
    if (bytes.signum() > 0 && bytes.compareTo(MEBIBYTE) < 0) {
      problems.add(
          path,
          quantity + ", which is less than 1Mi",
          "without a unit it is in bytes; say " + quantity.getAmount() + "Mi for megabytes");
    }
    return bytes.divide(MEBIBYTE).doubleValue();
  }

  /** Whole Mi, rounded up; 0 if left out. */
  static int wholeMegabytes(Quantity quantity, String path, Problems problems) {
    double megabytes = Math.ceil(megabytes(quantity, path, problems));
    if (megabytes > Integer.MAX_VALUE) {
      problems.add(path, quantity.toString(), "must be at most " + Integer.MAX_VALUE + "Mi");
      return 0;
    }
    return (int) megabytes;
  }

  /** Cores or devices as people write them: whole ones, or thousandths. */
  public static Quantity ofCount(double count) {
    BigDecimal exact = BigDecimal.valueOf(count).setScale(MILLIS, RoundingMode.HALF_UP);
    return isWhole(exact)
        ? new Quantity(exact.toBigInteger().toString())
        : new Quantity(exact.movePointRight(MILLIS).toBigInteger() + "m");
  }

  /** Megabytes as people write them: whole Mi, or else Ki. */
  public static Quantity ofMegabytes(double megabytes) {
    BigDecimal exact = BigDecimal.valueOf(megabytes).setScale(MILLIS, RoundingMode.HALF_UP);
    if (isWhole(exact)) {
      return new Quantity(exact.toBigInteger() + "Mi");
    }
    return new Quantity(
        exact.multiply(KIBIBYTE).setScale(0, RoundingMode.HALF_UP).toBigInteger() + "Ki");
  }

  private static BigDecimal number(Quantity quantity, String path, Problems problems) {
    if (quantity == null) {
      return BigDecimal.ZERO;
    }
    BigDecimal number;
    try {
      number = quantity.getNumericalAmount();
    } catch (IllegalArgumentException notANumber) {
      problems.add(path, quantity.toString(), "must be a number such as 2, 500m or 512Mi");
      return BigDecimal.ZERO;
    }
    if (number.signum() < 0) {
      problems.add(path, quantity.toString(), "must not be negative");
    }
    return number;
  }

  private static boolean isWhole(BigDecimal number) {
    return number.stripTrailingZeros().scale() <= 0;
  }
}
