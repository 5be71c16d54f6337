package peloton.mesos.local.resources;

import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Resource;

/**
 * What an operation makes of resources: reserving, creating a volume, and their opposites. As much
 * as is consumed is there afterwards, of another kind.
 */
public record Conversion(Resources consumed, Resources converted) {

  /** What an operation does. */
  public enum Type {
    RESERVE,
    UNRESERVE,
    CREATE,
    DESTROY
  }

  /**
   * Reads an operation.
   *
   * @param list what is reserved or created, or what is to be undone
   * @param role the role of the offer; empty for operators, who may not name an allocation
   * @param principal that the maker of a reservation or volume has to name; empty for anyone
   * @throws InvalidResources for resources to which this cannot be done
   */
  public static Conversion of(
      Type type, List<Resource> list, Optional<String> role, Optional<String> principal) {
    if (list.isEmpty()) {
      throw new InvalidResources("the operation names no resources");
    }
    var before = Resources.NONE;
    var after = Resources.NONE;
    for (var resource : list) {
      if (role.isEmpty() && resource.hasAllocationInfo()) {
        throw new InvalidResources(
            "the resource "
                + resource.getName()
                + " is allocated, operators name only what is not");
      }
      var named = Resources.of(List.of(resource), role.orElse(""));
      var other = named.of(other(type, Kind.of(resource), role, principal));
      boolean makes = type == Type.RESERVE || type == Type.CREATE;
      before = before.plus(makes ? other : named);
      after = after.plus(makes ? named : other);
    }
    return new Conversion(before, after);
  }

  private static Kind other(
      Type type, Kind kind, Optional<String> role, Optional<String> principal) {
    return switch (type) {
      case RESERVE -> {
        mustBeDynamic(kind);
        mustBelong(kind, role);
        mustName(
            principal,
            kind.last().filter(info -> info.hasPrincipal()).map(info -> info.getPrincipal()),
            "reserved resource");
        yield kind.unreserved();
      }
      case UNRESERVE -> {
        mustBeDynamic(kind);
        if (kind.isVolume()) {
          throw new InvalidResources(
              "a dynamically reserved persistent volume "
                  + kind
                  + " cannot be unreserved directly; destroy the persistent volume first");
        }
        yield kind.unreserved();
      }
      case CREATE -> {
        mustBeVolume(kind);
        var persistence = kind.disk().getPersistence();
        mustName(
            principal,
            persistence.hasPrincipal() ? Optional.of(persistence.getPrincipal()) : Optional.empty(),
            "volume");
        yield kind.withoutVolume();
      }
      case DESTROY -> {
        mustBeVolume(kind);
        yield kind.withoutVolume();
      }
    };
  }

  private static void mustBeDynamic(Kind kind) {
    if (!kind.isDynamicallyReserved()) {
      throw new InvalidResources("the resource " + kind + " is not dynamically reserved");
    }
    if (kind.isRevocable()) {
      throw new InvalidResources("the resource " + kind + " is revocable and cannot be reserved");
    }
  }

  private static void mustBeVolume(Kind kind) {
    if (!kind.isVolume()) {
      throw new InvalidResources("the resource " + kind + " is not a persistent volume");
    }
  }

  private static void mustBelong(Kind kind, Optional<String> role) {
    if (role.isPresent() && !kind.reservedFor().equals(role)) {
      throw new InvalidResources(
          "a reserve operation was attempted for a resource with role '"
              + kind.reservedFor().orElse("*")
              + "', but the resource was allocated to role '"
              + role.get()
              + "'");
    }
  }

  private static void mustName(Optional<String> expected, Optional<String> given, String what) {
    if (expected.isPresent() && !given.equals(expected)) {
      throw new InvalidResources(
          "the operation was attempted by principal '"
              + expected.get()
              + "', but a "
              + what
              + " names "
              + given.map(name -> "'" + name + "'").orElse("none"));
    }
  }
}
