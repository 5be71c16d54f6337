package peloton.mesos.local.agent;

import java.util.List;
import org.apache.mesos.v1.Protos.Resource;

/**
 * A directory of a machine that outlives the tasks that use it.
 *
 * @param hostname the machine, whose agents may change
 * @param role that it is reserved for
 * @param id unique among the volumes of the role on the machine
 * @param containerPath where whoever uses it wants to see it
 */
public record PersistentVolume(String hostname, String role, String id, String containerPath) {

  /** The persistent volumes among resources in either format. */
  @SuppressWarnings("deprecation") // frameworks may still use the older format
  public static List<PersistentVolume> of(String hostname, List<Resource> resources) {
    return resources.stream()
        .filter(resource -> resource.getDisk().hasPersistence())
        .map(
            resource ->
                new PersistentVolume(
                    hostname,
                    resource.getReservationsCount() > 0
                        ? resource.getReservations(resource.getReservationsCount() - 1).getRole()
                        : resource.getRole(),
                    resource.getDisk().getPersistence().getId(),
                    resource.getDisk().getVolume().getContainerPath()))
        .toList();
  }
}
