package peloton.desired.pool;

import static peloton.desired.Violation.invalid;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import peloton.api.v1alpha.respool.Respool.ReservationType;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.Respool.ResourceSpec;
import peloton.api.v1alpha.respool.Respool.SchedulingPolicy;
import peloton.desired.Violation;

/** Which resource pool specifications are allowed, by themselves and beside others. Pure. */
final class PoolSpecValidator {
  /** The kinds of resources that pools divide, in the order in which they are listed. */
  static final List<String> KINDS = List.of("cpu", "memory", "disk", "gpu");

  /** Largest specification, in bytes of its binary form. */
  static final int MAX_SPEC_BYTES = 64 * 1024;

  private static final int MAX_NAME_LENGTH = 255;

  /** Mesos counts in thousandths; what binary fractions add up to beyond that means nothing. */
  private static final double HALF_A_THOUSANDTH = 0.0005;

  private PoolSpecValidator() {}

  /** A specification with what it leaves out filled in: the policy, reservation types, kinds. */
  static ResourcePoolSpec complete(ResourcePoolSpec given) {
    ResourcePoolSpec.Builder spec = given.toBuilder();
    if (spec.getPolicy() == SchedulingPolicy.SCHEDULING_POLICY_INVALID) {
      spec.setPolicy(SchedulingPolicy.SCHEDULING_POLICY_PRIORITY_FIFO);
    }
    for (ResourceSpec.Builder resource : spec.getResourcesBuilderList()) {
      if (resource.getType() == ReservationType.RESERVATION_TYPE_INVALID) {
        resource.setType(ReservationType.RESERVATION_TYPE_ELASTIC);
      }
    }
    Map<String, ResourceSpec> byKind = byKind(given);
    for (String kind : KINDS) {
      if (!byKind.containsKey(kind)) {
        spec.addResourcesBuilder()
            .setKind(kind)
            .setShare(1)
            .setType(ReservationType.RESERVATION_TYPE_ELASTIC);
      }
    }
    return spec.build();
  }

  /** What makes a specification useless whatever stands beside it; also checked when forced. */
  static List<Violation> checkForm(ResourcePoolSpec spec) {
    int size = spec.getSerializedSize();
    if (size > MAX_SPEC_BYTES) {
      return List.of(
          invalid("spec", size + " bytes", "may take at most " + MAX_SPEC_BYTES + " bytes"));
    }
    List<Violation> violations = new ArrayList<>();
    String name = spec.getName();
    if (name.isEmpty()) {
      violations.add(invalid("spec.name", "no name", "a resource pool needs a name"));
    } else if (name.contains("/")) {
      violations.add(
          invalid("spec.name", Violation.quote(name), "must not contain /, which divides paths"));
    } else if (name.length() > MAX_NAME_LENGTH) {
      violations.add(
          invalid(
              "spec.name", name.length() + " characters", "must have at most " + MAX_NAME_LENGTH));
    }
    return violations;
  }

  /** What is wrong with the amounts and limits of a specification by itself. */
  static List<Violation> checkAmounts(ResourcePoolSpec spec) {
    List<Violation> violations = new ArrayList<>();
    if (spec.getPolicy() == SchedulingPolicy.UNRECOGNIZED) {
      violations.add(
          invalid(
              "spec.policy",
              String.valueOf(spec.getPolicyValue()),
              "must be SCHEDULING_POLICY_PRIORITY_FIFO, or unset"));
    }
    Map<String, Integer> seen = new LinkedHashMap<>();
    for (int i = 0; i < spec.getResourcesCount(); i++) {
      ResourceSpec resource = spec.getResources(i);
      String path = "spec.resources[" + i + "]";
      if (!KINDS.contains(resource.getKind())) {
        violations.add(
            invalid(
                path + ".kind",
                Violation.quote(resource.getKind()),
                "must be one of " + String.join(", ", KINDS)));
      }
      Integer first = seen.putIfAbsent(resource.getKind(), i);
      if (first != null) {
        violations.add(
            invalid(
                path + ".kind",
                Violation.quote(resource.getKind()) + " again, after resources[" + first + "]",
                "each kind may be listed once"));
      }
      checkResource(path, resource, violations);
    }
    checkPercent(
        "spec.controller_limit.max_percent", spec.getControllerLimit().getMaxPercent(), violations);
    checkPercent("spec.slack_limit.maxPercent", spec.getSlackLimit().getMaxPercent(), violations);
    return violations;
  }

  /**
   * What a parent other than the root forbids: a child may not be allowed more than its parent, and
   * what siblings reserve together must be there.
   *
   * @param siblings the other children of the parent
   */
  static List<Violation> checkParent(
      ResourcePoolSpec spec, ResourcePoolSpec parent, List<ResourcePoolSpec> siblings) {
    List<Violation> violations = new ArrayList<>();
    Map<String, ResourceSpec> own = byKind(complete(spec));
    Map<String, ResourceSpec> above = byKind(complete(parent));
    for (String kind : KINDS) {
      double limit = own.get(kind).getLimit();
      if (limit > above.get(kind).getLimit()) {
        violations.add(
            invalid(
                "spec.resources[kind=" + kind + "].limit",
                String.valueOf(limit),
                "must be at most the parent's limit of " + above.get(kind).getLimit()));
      }
    }
    for (String kind : KINDS) {
      double others =
          siblings.stream().mapToDouble(s -> byKind(complete(s)).get(kind).getReservation()).sum();
      double reservation = own.get(kind).getReservation();
      double available = above.get(kind).getReservation();
      if (reservation + others > available) {
        violations.add(
            invalid(
                "spec.resources[kind=" + kind + "].reservation",
                reservation + " beside " + others + " that its siblings reserve",
                "together they must be at most the parent's reservation of " + available));
      }
    }
    return violations;
  }

  /** What the pools right below forbid: they keep what they were given. */
  static List<Violation> checkChildren(ResourcePoolSpec spec, List<ResourcePoolSpec> children) {
    List<Violation> violations = new ArrayList<>();
    Map<String, ResourceSpec> own = byKind(complete(spec));
    for (String kind : KINDS) {
      double most = 0;
      double reserved = 0;
      for (ResourcePoolSpec child : children) {
        ResourceSpec resource = byKind(complete(child)).get(kind);
        most = Math.max(most, resource.getLimit());
        reserved += resource.getReservation();
      }
      if (own.get(kind).getReservation() < reserved) {
        violations.add(
            invalid(
                "spec.resources[kind=" + kind + "].reservation",
                String.valueOf(own.get(kind).getReservation()),
                "must be at least the " + reserved + " that its child pools reserve"));
      }
      if (own.get(kind).getLimit() < most) {
        violations.add(
            invalid(
                "spec.resources[kind=" + kind + "].limit",
                String.valueOf(own.get(kind).getLimit()),
                "must be at least the " + most + " that a child pool's limit is"));
      }
    }
    return violations;
  }

  /**
   * Where a specification reserves less than what pods use that are not preemptible.
   *
   * @param used by kind
   */
  static List<Violation> checkUse(ResourcePoolSpec spec, Map<String, Double> used) {
    List<Violation> violations = new ArrayList<>();
    Map<String, ResourceSpec> own = byKind(complete(spec));
    for (String kind : KINDS) {
      double reservation = own.get(kind).getReservation();
      double held = used.getOrDefault(kind, 0.0);
      if (reservation + HALF_A_THOUSANDTH < held) {
        violations.add(
            invalid(
                "spec.resources[kind=" + kind + "].reservation",
                String.valueOf(reservation),
                "must be at least the "
                    + held
                    + " that pods use which are not preemptible; stop some first, or force it"));
      }
    }
    return violations;
  }

  private static void checkResource(
      String path, ResourceSpec resource, List<Violation> violations) {
    checkAmount(path + ".reservation", resource.getReservation(), violations);
    checkAmount(path + ".limit", resource.getLimit(), violations);
    checkAmount(path + ".share", resource.getShare(), violations);
    if (resource.getLimit() < resource.getReservation()) {
      violations.add(
          invalid(
              path + ".limit",
              String.valueOf(resource.getLimit()),
              "must be at least the reservation of " + resource.getReservation()));
    }
    if (resource.getType() == ReservationType.UNRECOGNIZED) {
      violations.add(
          invalid(
              path + ".type",
              String.valueOf(resource.getTypeValue()),
              "must be RESERVATION_TYPE_ELASTIC or RESERVATION_TYPE_STATIC, or unset"));
    }
  }

  private static void checkAmount(String path, double amount, List<Violation> violations) {
    if (!(amount >= 0 && amount <= Double.MAX_VALUE)) {
      violations.add(invalid(path, String.valueOf(amount), "must be 0 or more, and finite"));
    }
  }

  private static void checkPercent(String path, double percent, List<Violation> violations) {
    if (!(percent >= 0 && percent <= 100)) {
      violations.add(invalid(path, String.valueOf(percent), "must be from 0 to 100"));
    }
  }

  private static Map<String, ResourceSpec> byKind(ResourcePoolSpec spec) {
    Map<String, ResourceSpec> byKind = new LinkedHashMap<>();
    spec.getResourcesList().forEach(resource -> byKind.putIfAbsent(resource.getKind(), resource));
    return byKind;
  }
}
