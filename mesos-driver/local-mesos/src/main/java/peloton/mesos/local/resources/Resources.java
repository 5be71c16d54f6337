package peloton.mesos.local.resources;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/**
 * Amounts by kind: scalars in thousandths (Mesos rounds them to three decimals) and ranges. Entries
 * of nothing are left out, so equal amounts are equal objects. Persistent volumes are whole: to
 * contain one is to contain all of it.
 */
public final class Resources {

  /** Nothing. */
  public static final Resources NONE = new Resources(new TreeMap<>(), new TreeMap<>());

  private static final double MAX_SCALAR = 1e15;

  private final TreeMap<Kind, Long> scalars;
  private final TreeMap<Kind, Ranges> ranges;

  private Resources(TreeMap<Kind, Long> scalars, TreeMap<Kind, Ranges> ranges) {
    this.scalars = scalars;
    this.ranges = ranges;
  }

  /** One scalar resource of {@code amount}, rounded to thousandths. */
  public static Resources scalar(String name, double amount) {
    var scalars = new TreeMap<Kind, Long>();
    put(scalars, Kind.plain(name, Value.Type.SCALAR), thousandths(name, amount));
    return new Resources(scalars, new TreeMap<>());
  }

  /** One scalar resource that may be taken away again. */
  public static Resources revocable(String name, double amount) {
    var scalars = new TreeMap<Kind, Long>();
    put(scalars, Kind.revocable(name), thousandths(name, amount));
    return new Resources(scalars, new TreeMap<>());
  }

  /** One resource of ranges, for instance {@code ports}. */
  public static Resources ranges(String name, Ranges value) {
    var ranges = new TreeMap<Kind, Ranges>();
    put(ranges, Kind.plain(name, Value.Type.RANGES), value);
    return new Resources(new TreeMap<>(), ranges);
  }

  /**
   * What a framework asks for.
   *
   * @param role the role that the offer was made to; a resource may leave its allocation out
   * @throws InvalidResources for a resource that is malformed, allocated to another role, or of a
   *     kind that no local agent has (shared, from a provider, on a disk of its own)
   */
  public static Resources of(List<Resource> list, String role) {
    var scalars = new TreeMap<Kind, Long>();
    var ranges = new TreeMap<Kind, Ranges>();
    for (var resource : list) {
      check(resource);
      if (resource.hasAllocationInfo() && !resource.getAllocationInfo().getRole().equals(role)) {
        throw new InvalidResources(
            "the resource "
                + resource.getName()
                + " is allocated to role '"
                + resource.getAllocationInfo().getRole()
                + "', the offer to role '"
                + role
                + "'");
      }
      var kind = Kind.of(resource);
      if (resource.getType() == Value.Type.SCALAR) {
        long amount = thousandths(resource.getName(), resource.getScalar().getValue());
        put(scalars, kind, scalars.getOrDefault(kind, 0L) + amount);
      } else {
        put(ranges, kind, get(ranges, kind).plus(Ranges.of(resource.getRanges())));
      }
    }
    return new Resources(scalars, ranges);
  }

  /**
   * As Mesos resources.
   *
   * @param allocation the role that they are allocated to, for frameworks of several roles
   * @param withRole whether each says its role, {@code *} for none, and its reservation beside it,
   *     as to frameworks that do not know refined reservations
   */
  public List<Resource> toProto(Optional<String> allocation, boolean withRole) {
    var list = new ArrayList<Resource>(scalars.size() + ranges.size());
    scalars.forEach(
        (kind, amount) ->
            list.add(
                resource(kind, allocation, withRole)
                    .setScalar(Value.Scalar.newBuilder().setValue(amount / 1000.0))
                    .build()));
    ranges.forEach(
        (kind, value) ->
            list.add(resource(kind, allocation, withRole).setRanges(value.toProto()).build()));
    return list;
  }

  public boolean isEmpty() {
    return scalars.isEmpty() && ranges.isEmpty();
  }

  /** Thousandths of the scalar {@code name}, of all kinds; 0 when there is none. */
  public long thousandths(String name) {
    long sum = 0;
    for (var entry : scalars.entrySet()) {
      if (entry.getKey().name().equals(name)) {
        sum += entry.getValue();
      }
    }
    return sum;
  }

  /** The unreserved ranges of {@code name}; empty when there are none. */
  public Ranges ranges(String name) {
    return get(ranges, Kind.plain(name, Value.Type.RANGES));
  }

  /** The same amounts as if all were of one kind. */
  Resources of(Kind kind) {
    var otherScalars = new TreeMap<Kind, Long>();
    scalars.values().forEach(amount -> otherScalars.merge(kind, amount, Long::sum));
    var otherRanges = new TreeMap<Kind, Ranges>();
    ranges.values().forEach(value -> otherRanges.merge(kind, value, Ranges::plus));
    return new Resources(otherScalars, otherRanges);
  }

  /** The persistent volumes among these. */
  public List<Resource> volumes() {
    return scalars.keySet().stream()
        .filter(Kind::isVolume)
        .map(kind -> kind.toProto(true).build())
        .toList();
  }

  /** The largest of {@code this / total} over all scalars of {@code total}. */
  public double dominantShare(Resources total) {
    double share = 0;
    for (var entry : scalars.entrySet()) {
      long all = total.scalars.getOrDefault(entry.getKey(), 0L);
      if (all > 0) {
        share = Math.max(share, (double) entry.getValue() / all);
      }
    }
    return share;
  }

  /** How much there is of each scalar, whatever its kind: what may be summed over agents. */
  public Resources quantities() {
    if (ranges.isEmpty() && isPlain()) {
      return this;
    }
    var sums = new TreeMap<Kind, Long>();
    scalars.forEach(
        (kind, amount) ->
            sums.merge(Kind.plain(kind.name(), Value.Type.SCALAR), amount, Long::sum));
    return new Resources(sums, new TreeMap<>());
  }

  /**
   * What of these may be offered.
   *
   * @param role reserved resources are for their role and those beneath it only
   * @param revocable whether the framework takes what may be taken away again
   * @param refined whether it knows refined reservations
   */
  public Resources offerableTo(String role, boolean revocable, boolean refined) {
    if (isPlain()) {
      return this;
    }
    Predicate<Kind> unsuitable =
        kind ->
            (kind.isRevocable() && !revocable)
                || (kind.isRefined() && !refined)
                || kind.reservedFor().filter(owner -> !isWithin(role, owner)).isPresent();
    var fewerScalars = new TreeMap<>(scalars);
    fewerScalars.keySet().removeIf(unsuitable);
    var fewerRanges = new TreeMap<>(ranges);
    fewerRanges.keySet().removeIf(unsuitable);
    return new Resources(fewerScalars, fewerRanges);
  }

  /** Whether some of a name may be revoked and some not, which Mesos does not let pass. */
  public boolean mixesRevocable() {
    return scalars.keySet().stream()
        .filter(Kind::isRevocable)
        .anyMatch(
            kind ->
                scalars.keySet().stream()
                    .anyMatch(other -> !other.isRevocable() && other.name().equals(kind.name())));
  }

  private boolean isPlain() {
    for (var kind : scalars.keySet()) {
      if (!kind.isPlain()) {
        return false;
      }
    }
    for (var kind : ranges.keySet()) {
      if (!kind.isPlain()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWithin(String role, String owner) {
    return role.equals(owner) || role.startsWith(owner + "/");
  }

  public boolean contains(Resources other) {
    for (var entry : other.scalars.entrySet()) {
      long amount = scalars.getOrDefault(entry.getKey(), 0L);
      if (entry.getKey().isVolume() ? amount != entry.getValue() : amount < entry.getValue()) {
        return false;
      }
    }
    for (var entry : other.ranges.entrySet()) {
      if (!get(ranges, entry.getKey()).contains(entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  public Resources plus(Resources other) {
    var sumOfScalars = new TreeMap<>(scalars);
    other.scalars.forEach(
        (kind, amount) -> put(sumOfScalars, kind, sumOfScalars.getOrDefault(kind, 0L) + amount));
    if (other.ranges.isEmpty()) {
      return new Resources(sumOfScalars, ranges);
    }
    var sumOfRanges = new TreeMap<>(ranges);
    other.ranges.forEach((kind, value) -> put(sumOfRanges, kind, get(ranges, kind).plus(value)));
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
    other.scalars.forEach(
        (kind, amount) -> put(leftScalars, kind, leftScalars.getOrDefault(kind, 0L) - amount));
    if (other.ranges.isEmpty()) {
      return new Resources(leftScalars, ranges);
    }
    var leftRanges = new TreeMap<>(ranges);
    other.ranges.forEach((kind, value) -> put(leftRanges, kind, get(ranges, kind).minus(value)));
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
    scalars.forEach((kind, amount) -> parts.add(kind + ":" + decimal(amount)));
    ranges.forEach((kind, value) -> parts.add(kind + ":" + value));
    return parts.isEmpty() ? "nothing" : String.join("; ", parts);
  }

  private static String decimal(long thousandths) {
    return thousandths % 1000 == 0
        ? Long.toString(thousandths / 1000)
        : Double.toString(thousandths / 1000.0);
  }

  @SuppressWarnings("deprecation") // frameworks may still use the older format
  private static void check(Resource resource) {
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
    if (resource.hasShared() || resource.hasProviderId() || resource.getDisk().hasSource()) {
      throw new InvalidResources(
          "the resource "
              + name
              + " is shared, from a provider or on a disk of its own, which the agents of a local"
              + " Mesos do not have");
    }
    if (resource.getReservationsCount() > 0
        && (resource.hasReservation() || (resource.hasRole() && !resource.getRole().equals("*")))) {
      throw new InvalidResources(
          "the resource " + name + " has both 'reservations' and the older 'role'");
    }
    if (resource.hasReservation() && (!resource.hasRole() || resource.getRole().equals("*"))) {
      throw new InvalidResources("the resource " + name + " is reserved for no role");
    }
    for (var reservation : resource.getReservationsList()) {
      if (reservation.getRole().isEmpty() || reservation.getRole().equals("*")) {
        throw new InvalidResources("the resource " + name + " is reserved for no role");
      }
      if (!reservation.hasType()) {
        throw new InvalidResources("the resource " + name + " has a reservation without a type");
      }
    }
    if (resource.hasDisk()) {
      checkDisk(resource);
    }
  }

  private static void checkDisk(Resource resource) {
    var disk = resource.getDisk();
    if (!resource.getName().equals("disk")) {
      throw new InvalidResources("DiskInfo is set on the resource " + resource.getName());
    }
    if (!disk.hasPersistence()) {
      throw new InvalidResources("DiskInfo is set but empty, or without persistence");
    }
    if (Kind.of(resource).reservedFor().isEmpty()) {
      throw new InvalidResources("persistent volumes cannot be created from unreserved resources");
    }
    if (!disk.hasVolume()) {
      throw new InvalidResources("expecting 'volume' to be set for persistent volume");
    }
    if (disk.getVolume().hasHostPath()) {
      throw new InvalidResources("expecting 'host_path' to be unset for persistent volume");
    }
    String id = disk.getPersistence().getId();
    if (id.isEmpty() || id.equals(".") || id.equals("..") || id.matches(".*[/\\\\\\p{Cntrl}].*")) {
      throw new InvalidResources("'" + id + "' is no persistence id");
    }
  }

  private static long thousandths(String name, double amount) {
    if (!(amount >= 0 && amount <= MAX_SCALAR)) {
      throw new InvalidResources("the resource " + name + " is " + amount + ", not 0 or more");
    }
    return Math.round(amount * 1000);
  }

  private static void put(TreeMap<Kind, Long> scalars, Kind kind, long amount) {
    if (amount == 0) {
      scalars.remove(kind);
    } else {
      scalars.put(kind, amount);
    }
  }

  private static void put(TreeMap<Kind, Ranges> ranges, Kind kind, Ranges value) {
    if (value.isEmpty()) {
      ranges.remove(kind);
    } else {
      ranges.put(kind, value);
    }
  }

  private static Ranges get(TreeMap<Kind, Ranges> ranges, Kind kind) {
    return ranges.getOrDefault(kind, Ranges.NONE);
  }

  private static Resource.Builder resource(
      Kind kind, Optional<String> allocation, boolean withRole) {
    var builder = kind.toProto(!withRole);
    allocation.ifPresent(role -> builder.getAllocationInfoBuilder().setRole(role));
    return builder;
  }
}
