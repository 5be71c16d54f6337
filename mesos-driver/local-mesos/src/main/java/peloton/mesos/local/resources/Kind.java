package peloton.mesos.local.resources;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Resource.ReservationInfo;
import org.apache.mesos.v1.Protos.Value;

/**
 * What sort of resource an amount is of: its name, who it is reserved for, whether it is a
 * persistent volume, whether it may be revoked. Amounts of one kind may be summed, others not.
 *
 * <p>Where a volume appears in a container describes its use and is no part of its kind, as in
 * Mesos.
 */
final class Kind implements Comparable<Kind> {

  private static final Map<String, Kind> COMMON =
      Map.of(
          "cpus", new Kind(scalar("cpus")),
          "mem", new Kind(scalar("mem")),
          "disk", new Kind(scalar("disk")),
          "gpus", new Kind(scalar("gpus")),
          "ports", new Kind(scalar("ports").setType(Value.Type.RANGES)));

  /** Everything but the value, and the allocation, in the newer format of reservations. */
  private final Resource prototype;

  private final String id;
  private final boolean plain;

  private Kind(Resource.Builder prototype) {
    this.prototype = prototype.buildPartial();
    this.plain =
        prototype.getReservationsCount() == 0 && !prototype.hasDisk() && !prototype.hasRevocable();
    this.id = plain ? prototype.getName() : prototype.getName() + '\0' + identity(prototype);
  }

  /** Unreserved resources of a name. */
  static Kind plain(String name, Value.Type type) {
    var common = COMMON.get(name);
    return common != null && common.prototype.getType() == type
        ? common
        : new Kind(scalar(name).setType(type));
  }

  /** Unreserved resources that may be taken away again. */
  static Kind revocable(String name) {
    return new Kind(scalar(name).setRevocable(Resource.RevocableInfo.getDefaultInstance()));
  }

  /** The kind of a resource in either format. */
  static Kind of(Resource resource) {
    var reservations = reservations(resource);
    if (reservations.isEmpty() && !resource.hasDisk() && !resource.hasRevocable()) {
      return plain(resource.getName(), resource.getType());
    }
    var prototype =
        scalar(resource.getName()).setType(resource.getType()).addAllReservations(reservations);
    if (resource.hasDisk()) {
      prototype.setDisk(resource.getDisk());
    }
    if (resource.hasRevocable()) {
      prototype.setRevocable(resource.getRevocable());
    }
    return new Kind(prototype);
  }

  String name() {
    return prototype.getName();
  }

  boolean isPlain() {
    return plain;
  }

  boolean isRevocable() {
    return prototype.hasRevocable();
  }

  /** A persistent volume is used as a whole or not at all. */
  boolean isVolume() {
    return prototype.getDisk().hasPersistence();
  }

  /** The role that it is reserved for; empty for anybody's. */
  Optional<String> reservedFor() {
    return last().map(ReservationInfo::getRole);
  }

  Optional<ReservationInfo> last() {
    int count = prototype.getReservationsCount();
    return count == 0 ? Optional.empty() : Optional.of(prototype.getReservations(count - 1));
  }

  /** Whether it is reserved more than once, for a role and for another beneath it. */
  boolean isRefined() {
    return prototype.getReservationsCount() > 1;
  }

  boolean isDynamicallyReserved() {
    return last().filter(info -> info.getType() == ReservationInfo.Type.DYNAMIC).isPresent();
  }

  Resource.DiskInfo disk() {
    return prototype.getDisk();
  }

  /** The same without its last reservation. */
  Kind unreserved() {
    var less = prototype.toBuilder();
    return of(less.removeReservations(less.getReservationsCount() - 1).buildPartial());
  }

  /** The disk that a persistent volume was made of. */
  Kind withoutVolume() {
    var less = prototype.toBuilder();
    less.getDiskBuilder().clearPersistence().clearVolume();
    if (!less.getDisk().hasSource()) {
      less.clearDisk();
    }
    return of(less.buildPartial());
  }

  /**
   * As a Mesos resource without a value.
   *
   * @param refined whether its reader knows refined reservations; else it gets the older format
   */
  @SuppressWarnings("deprecation") // the only place where older frameworks look
  Resource.Builder toProto(boolean refined) {
    var builder = prototype.toBuilder();
    if (refined) {
      return builder;
    }
    builder.clearReservations().setRole(reservedFor().orElse("*"));
    last()
        .filter(info -> info.getType() == ReservationInfo.Type.DYNAMIC)
        .ifPresent(info -> builder.setReservation(info.toBuilder().clearType().clearRole()));
    return builder;
  }

  @SuppressWarnings("deprecation") // frameworks may still use the older format
  private static List<ReservationInfo> reservations(Resource resource) {
    var list = new ArrayList<>(resource.getReservationsList());
    if (list.isEmpty() && resource.hasRole() && !resource.getRole().equals("*")) {
      list.add(
          resource.getReservation().toBuilder()
              .setRole(resource.getRole())
              .setType(
                  resource.hasReservation()
                      ? ReservationInfo.Type.DYNAMIC
                      : ReservationInfo.Type.STATIC)
              .build());
    }
    return list;
  }

  private static Resource.Builder scalar(String name) {
    return Resource.newBuilder().setName(name).setType(Value.Type.SCALAR);
  }

  private static String identity(Resource.Builder prototype) {
    var identity = prototype.clone();
    if (identity.hasDisk()) {
      identity.getDiskBuilder().clearVolume();
    }
    return new String(identity.buildPartial().toByteArray(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public int compareTo(Kind other) {
    return this == other ? 0 : id.compareTo(other.id);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Kind that && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** As Mesos writes it in its logs: {@code disk(reservations: [web])[id]}. */
  @Override
  public String toString() {
    var text = new StringBuilder(name());
    if (prototype.getReservationsCount() > 0) {
      text.append("(reserved: ");
      text.append(
          String.join(
              ", ",
              prototype.getReservationsList().stream().map(ReservationInfo::getRole).toList()));
      text.append(')');
    }
    if (isVolume()) {
      text.append('[').append(disk().getPersistence().getId()).append(']');
    }
    return text.append(isRevocable() ? "{REV}" : "").toString();
  }
}
