package peloton.mesos.local.resources;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/**
 * Unreserved resources: scalars in thousandths (Mesos rounds them to three decimals) and ranges.
 * Entries of nothing are left out, so equal amounts are equal objects.
 */
public final class Resources {

  /** Nothing. */
  public static final Resources NONE = new Resources(new TreeMap<>(), new TreeMap<>());

  private static final double MAX_SCALAR = 1e15;

  private final TreeMap<String, Long> scalars;
  private final TreeMap<String, Ranges> ranges;

  private Resources(TreeMap<String, Long> scalars, TreeMap<String, Ranges> ranges) {
    this.scalars = scalars;
    this.ranges = ranges;
  }

  /** One scalar resource of {@code amount}, rounded to thousandths. */
  public static Resources scalar(String name, double amount) {
    var scalars = new TreeMap<String, Long>();
    put(scalars, name, thousandths(name, amount));
    return new Resources(scalars, new TreeMap<>());
  }

  /** One resource of ranges, for instance {@code ports}. */
  public static Resources ranges(String name, Ranges value) {
    var ranges = new TreeMap<String, Ranges>();
    put(ranges, name, value);
    return new Resources(new TreeMap<>(), ranges);
  }

  /**
   * What a framework asks for.
   *
   * @param role the role that the offer was made to; a resource may leave its allocation out
   * @throws InvalidResources for a resource that is malformed, allocated to another role, or of a
   *     kind that no local agent has (reserved, persistent, revocable, shared, from a provider)
   */
  public static Resources of(List<Resource> list, String role) {
    var scalars = new TreeMap<String, Long>();
    var ranges = new TreeMap<String, Ranges>();
    for (var resource : list) {
      check(resource, role);
      String name = resource.getName();
      if (resource.getType() == Value.Type.SCALAR) {
        long sum =
            scalars.getOrDefault(name, 0L) + thousandths(name, resource.getScalar().getValue());
        put(scalars, name, sum);
      } else {
        put(ranges, name, get(ranges, name).plus(Ranges.of(resource.getRanges())));
      }
    }
    return new Resources(scalars, ranges);
  }

  /**
   * As Mesos resources.
   *
   * @param allocation the role that they are allocated to, for frameworks of several roles
   * @param withRole whether each says that it is of role {@code *}, as it does to frameworks that
   *     do not know refined reservations
   */
  public List<Resource> toProto(Optional<String> allocation, boolean withRole) {
    var list = new ArrayList<Resource>(scalars.size() + ranges.size());
    scalars.forEach(
        (name, amount) ->
            list.add(
                resource(name, allocation, withRole)
                    .setType(Value.Type.SCALAR)
                    .setScalar(Value.Scalar.newBuilder().setValue(amount / 1000.0))
                    .build()));
    ranges.forEach(
        (name, value) ->
            list.add(
                resource(name, allocation, withRole)
                    .setType(Value.Type.RANGES)
                    .setRanges(value.toProto())
                    .build()));
    return list;
  }

  public boolean isEmpty() {
    return scalars.isEmpty() && ranges.isEmpty();
  }

  /** Thousandths of the scalar {@code name}; 0 when there is none. */
  public long thousandths(String name) {
    return scalars.getOrDefault(name, 0L);
  }

  /** The ranges of {@code name}; empty when there are none. */
  public Ranges ranges(String name) {
    return get(ranges, name);
  }

  /** The amounts of all scalars by name, in thousandths. */
  public Map<String, Long> scalars() {
    return Map.copyOf(scalars);
  }

  /** The largest of {@code this / total} over all scalars of {@code total}. */
  public double dominantShare(Resources total) {
    double share = 0;
    for (var entry : scalars.entrySet()) {
      long all = total.thousandths(entry.getKey());
      if (all > 0) {
        share = Math.max(share, (double) entry.getValue() / all);
      }
    }
    return share;
  }

  /** The scalars alone. */
  public Resources withoutRanges() {
    return ranges.isEmpty() ? this : new Resources(scalars, new TreeMap<>());
  }

  public boolean contains(Resources other) {
    for (var entry : other.scalars.entrySet()) {
      if (thousandths(entry.getKey()) < entry.getValue()) {
        return false;
      }
    }
    for (var entry : other.ranges.entrySet()) {
      if (!ranges(entry.getKey()).contains(entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  public Resources plus(Resources other) {
    var sumOfScalars = new TreeMap<>(scalars);
    other.scalars.forEach((name, amount) -> put(sumOfScalars, name, thousandths(name) + amount));
    if (other.ranges.isEmpty()) {
      return new Resources(sumOfScalars, ranges);
    }
    var sumOfRanges = new TreeMap<>(ranges);
    other.ranges.forEach((name, value) -> put(sumOfRanges, name, ranges(name).plus(value)));
    return new Resources(sumOfScalars, sumOfRanges);
  }

  /**
   * These without {@code other}.
   *
   * @throws IllegalArgumentException when {@code other} is not contained
   */
  public Resources minus(Resources other) {
    if (!contains(other)) {
      throw new IllegalArgumentException(this + " does not contain " + other);
    }
    var leftScalars = new TreeMap<>(scalars);
    other.scalars.forEach((name, amount) -> put(leftScalars, name, thousandths(name) - amount));
    if (other.ranges.isEmpty()) {
      return new Resources(leftScalars, ranges);
    }
    var leftRanges = new TreeMap<>(ranges);
    other.ranges.forEach((name, value) -> put(leftRanges, name, ranges(name).minus(value)));
    return new Resources(leftScalars, leftRanges);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Resources that
        && scalars.equals(that.scalars)
        && ranges.equals(that.ranges);
  }

  @Override
  public int hashCode() {
    return 31 * scalars.hashCode() + ranges.hashCode();
  }

  @Override
  public String toString() {
    var parts = new ArrayList<String>();
    scalars.forEach((name, amount) -> parts.add(name + ":" + decimal(amount)));
    ranges.forEach((name, value) -> parts.add(name + ":" + value));
    return parts.isEmpty() ? "nothing" : String.join("; ", parts);
  }

  private static String decimal(long thousandths) {
    return thousandths % 1000 == 0
        ? Long.toString(thousandths / 1000)
        : Double.toString(thousandths / 1000.0);
  }

  @SuppressWarnings("deprecation") // frameworks may still use the older format
  private static void check(Resource resource, String role) {
    String name = resource.getName();
    if (name.isEmpty()) {
      throw new InvalidResources("a resource has no name");
    }
    switch (resource.getType()) {
      case SCALAR -> {
        if (!resource.hasScalar() || resource.hasRanges() || resource.hasSet()) {
          throw new InvalidResources("the SCALAR resource " + name + " must have a scalar only");
        }
      }
      case RANGES -> {
        if (!resource.hasRanges() || resource.hasScalar() || resource.hasSet()) {
          throw new InvalidResources("the RANGES resource " + name + " must have ranges only");
        }
      }
      default ->
          throw new InvalidResources(
              "the resource " + name + " is of type " + resource.getType() + ", not offered here");
    }
    if (resource.hasAllocationInfo() && !resource.getAllocationInfo().getRole().equals(role)) {
      throw new InvalidResources(
          "the resource "
              + name
              + " is allocated to role '"
              + resource.getAllocationInfo().getRole()
              + "', the offer to role '"
              + role
              + "'");
    }
    if (resource.getReservationsCount() > 0
        || resource.hasReservation()
        || (resource.hasRole() && !resource.getRole().equals("*"))
        || resource.hasDisk()
        || resource.hasRevocable()
        || resource.hasShared()
        || resource.hasProviderId()) {
      throw new InvalidResources(
          "the resource "
              + name
              + " is reserved, persistent, revocable, shared or from a provider;"
              + " the agents of a local Mesos offer plain resources of role '*' only");
    }
  }

  private static long thousandths(String name, double amount) {
    if (!(amount >= 0 && amount <= MAX_SCALAR)) {
      throw new InvalidResources("the resource " + name + " is " + amount + ", not 0 or more");
    }
    return Math.round(amount * 1000);
  }

  private static void put(TreeMap<String, Long> scalars, String name, long amount) {
    if (amount == 0) {
      scalars.remove(name);
    } else {
      scalars.put(name, amount);
    }
  }

  private static void put(TreeMap<String, Ranges> ranges, String name, Ranges value) {
    if (value.isEmpty()) {
      ranges.remove(name);
    } else {
      ranges.put(name, value);
    }
  }

  private static Ranges get(TreeMap<String, Ranges> ranges, String name) {
    return ranges.getOrDefault(name, Ranges.NONE);
  }

  private static Resource.Builder resource(
      String name, Optional<String> allocation, boolean withRole) {
    var builder = Resource.newBuilder().setName(name);
    if (withRole) {
      setRole(builder);
    }
    allocation.ifPresent(role -> builder.getAllocationInfoBuilder().setRole(role));
    return builder;
  }

  @SuppressWarnings("deprecation") // the only place where older frameworks look
  private static void setRole(Resource.Builder builder) {
    builder.setRole("*");
  }
}
