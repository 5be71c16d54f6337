package peloton.loop;

import java.time.Duration;
import java.util.Optional;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;

/**
 * Who the control plane is to Mesos.
 *
 * @param failoverTimeout how long Mesos keeps the tasks of a framework that is not connected;
 *     weeks, since running out kills everything
 * @param principal for authentication; empty for none
 * @param hostname shown by Mesos; empty for the machine's own
 */
public record FrameworkSettings(
    String name,
    String user,
    String role,
    Duration failoverTimeout,
    Optional<String> principal,
    String hostname) {

  /** Peloton's names, and four weeks. */
  public static final FrameworkSettings DEFAULT =
      new FrameworkSettings(
          "Peloton", "root", "peloton", Duration.ofDays(28), Optional.empty(), "");

  /** What a subscription says; with the id that Mesos gave, if it gave one already. */
  FrameworkInfo info(Optional<String> id) {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setName(name)
            .setUser(user)
            .addRoles(role)
            .setCheckpoint(true)
            .setFailoverTimeout(failoverTimeout.toSeconds())
            .addCapabilities(capability(Capability.Type.MULTI_ROLE))
            .addCapabilities(capability(Capability.Type.PARTITION_AWARE))
            .addCapabilities(capability(Capability.Type.RESERVATION_REFINEMENT))
            .addCapabilities(capability(Capability.Type.GPU_RESOURCES))
            .addCapabilities(capability(Capability.Type.REVOCABLE_RESOURCES))
            .addCapabilities(capability(Capability.Type.TASK_KILLING_STATE));
    principal.ifPresent(info::setPrincipal);
    if (!hostname.isEmpty()) {
      info.setHostname(hostname);
    }
    id.ifPresent(value -> info.setId(FrameworkID.newBuilder().setValue(value)));
    return info.build();
  }

  private static Capability capability(Capability.Type type) {
    return Capability.newBuilder().setType(type).build();
  }
}
