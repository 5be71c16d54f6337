package peloton.mesos.local.master;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;

/** Decides whether a FrameworkInfo may be subscribed with. Pure. */
final class FrameworkValidation {

  private FrameworkValidation() {}

  /** What is wrong with it; empty when nothing is. */
  @SuppressWarnings("deprecation") // the role of frameworks without MULTI_ROLE
  static Optional<String> problem(FrameworkInfo info, List<String> suppressed) {
    boolean multiRole =
        info.getCapabilitiesList().stream()
            .anyMatch(capability -> capability.getType() == Capability.Type.MULTI_ROLE);
    if (multiRole && info.hasRole()) {
      return Optional.of("FrameworkInfo.role must not be set with the capability MULTI_ROLE");
    }
    if (!multiRole && info.getRolesCount() > 0) {
      return Optional.of("FrameworkInfo.roles must not be set without the capability MULTI_ROLE");
    }
    var roles = multiRole ? info.getRolesList() : List.of(info.getRole());
    if (new HashSet<>(roles).size() != roles.size()) {
      return Optional.of("FrameworkInfo.roles names a role twice: " + roles);
    }
    for (var role : roles) {
      if (!isRole(role)) {
        return Optional.of("FrameworkInfo: '" + role + "' is not a role");
      }
    }
    for (var role : suppressed) {
      if (!roles.contains(role)) {
        return Optional.of("suppressed_roles: the framework has no role '" + role + "'");
      }
    }
    if (!info.getId().getValue().isEmpty()) {
      var problem = Ids.problem(info.getId().getValue());
      if (problem.isPresent()) {
        return problem.map(text -> "FrameworkInfo.id: " + text);
      }
    }
    double most = Long.MAX_VALUE / 1e9;
    return Math.abs(info.getFailoverTimeout()) < most
        ? Optional.empty()
        : Optional.of(
            "FrameworkInfo.failover_timeout is "
                + info.getFailoverTimeout()
                + ", seconds up to "
                + most
                + " are allowed");
  }

  /** What may not change from one subscription to the next. */
  static Optional<String> problem(FrameworkInfo before, FrameworkInfo after) {
    boolean samePrincipal =
        before.hasPrincipal() == after.hasPrincipal()
            && Objects.equals(before.getPrincipal(), after.getPrincipal());
    return samePrincipal
        ? Optional.empty()
        : Optional.of(
            "FrameworkInfo.principal may not change from '"
                + before.getPrincipal()
                + "' to '"
                + after.getPrincipal()
                + "'");
  }

  private static boolean isRole(String role) {
    if (role.equals("*")) {
      return true;
    }
    return !role.isEmpty()
        && !role.startsWith("-")
        && !role.startsWith("/")
        && !role.endsWith("/")
        && List.of(role.split("/")).stream()
            .noneMatch(
                part ->
                    part.isEmpty()
                        || part.equals(".")
                        || part.equals("..")
                        || part.equals("*")
                        || part.startsWith("-"))
        && role.chars().noneMatch(c -> c <= 0x20 || c == 0x7f || c == '\\');
  }
}
