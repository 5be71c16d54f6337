package peloton.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Label;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OperationID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Resource.ReservationInfo;
import org.apache.mesos.v1.Protos.Volume;

/**
 * Persistent volumes in the words of Mesos. Each lies on a reservation of its own, whose label says
 * which volume it is: so whatever is found of one tells where it belongs.
 */
public final class PersistentVolumes {
  /** The label of a reservation; its value is the volume's id. */
  static final String LABEL = "peloton.volume";

  private PersistentVolumes() {}

  /**
   * In whose name reservations and volumes are made; Mesos refuses those that name another.
   *
   * @param principal of the framework; empty if it has none
   */
  public record Owner(String role, Optional<String> principal) {}

  /** What is done to a volume, as the ids of operations name it. */
  public enum Step {
    RESERVE,
    CREATE,
    DESTROY,
    UNRESERVE
  }

  /**
   * The id of an operation, by which its feedback is told apart.
   *
   * @param attempt makes it unique: operations of one step of a volume can be sent more than once
   */
  public record OperationName(Step step, String volume, String attempt) {

    /** Reads an id; empty if it is none of ours. */
    public static Optional<OperationName> parse(String id) {
      String[] parts = id.split("\\.", 3);
      if (parts.length != 3) {
        return Optional.empty();
      }
      for (Step step : Step.values()) {
        if (step.name().toLowerCase(java.util.Locale.ROOT).equals(parts[0])) {
          return Optional.of(new OperationName(step, parts[1], parts[2]));
        }
      }
      return Optional.empty();
    }

    OperationID id() {
      return OperationID.newBuilder().setValue(toString()).build();
    }

    @Override
    public String toString() {
      return step.name().toLowerCase(java.util.Locale.ROOT) + "." + volume + "." + attempt;
    }
  }

  /**
   * What an offer shows of a volume.
   *
   * @param created whether there is a volume, or only the reservation for it
   */
  public record Trace(String id, boolean created, Resource resource) {}

  /** What a resource shows of a volume; empty if it has nothing to do with one of ours. */
  static Optional<Trace> trace(Resource resource) {
    if (resource.getReservationsCount() == 0) {
      return Optional.empty();
    }
    ReservationInfo last = resource.getReservations(resource.getReservationsCount() - 1);
    for (Label label : last.getLabels().getLabelsList()) {
      if (label.getKey().equals(LABEL)) {
        return Optional.of(
            new Trace(label.getValue(), resource.getDisk().hasPersistence(), resource));
      }
    }
    return Optional.empty();
  }

  /** Disk as it is once it is reserved for a volume. */
  static Resource reserved(Resource disk, String id, Owner owner) {
    ReservationInfo.Builder reservation =
        ReservationInfo.newBuilder()
            .setType(ReservationInfo.Type.DYNAMIC)
            .setRole(
                disk.getAllocationInfo().hasRole()
                    ? disk.getAllocationInfo().getRole()
                    : owner.role());
    owner.principal().ifPresent(reservation::setPrincipal);
    reservation.getLabelsBuilder().addLabelsBuilder().setKey(LABEL).setValue(id);
    return disk.toBuilder().addReservations(reservation).build();
  }

  /** A new volume on a reservation. */
  static Resource created(Resource reserved, String id, String containerPath, Owner owner) {
    Resource.Builder volume = reserved.toBuilder();
    volume.getDiskBuilder().getPersistenceBuilder().setId(id);
    owner
        .principal()
        .ifPresent(name -> volume.getDiskBuilder().getPersistenceBuilder().setPrincipal(name));
    return mounted(volume.build(), containerPath);
  }

  /** The volume where a task is to see it; that is up to each task. */
  static Resource mounted(Resource volume, String containerPath) {
    Resource.Builder mounted = volume.toBuilder();
    mounted
        .getDiskBuilder()
        .getVolumeBuilder()
        .setContainerPath(containerPath)
        .setMode(Volume.Mode.RW);
    return mounted.build();
  }

  static List<Offer.Operation> make(String id, Resource reserved, Resource volume, String attempt) {
    return List.of(
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.RESERVE)
            .setId(new OperationName(Step.RESERVE, id, attempt).id())
            .setReserve(Offer.Operation.Reserve.newBuilder().addResources(reserved))
            .build(),
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.CREATE)
            .setId(new OperationName(Step.CREATE, id, attempt).id())
            .setCreate(Offer.Operation.Create.newBuilder().addVolumes(volume))
            .build());
  }

  /** Destroys the volume, if it is one, and gives its disk back to everybody. */
  public static List<Offer.Operation> undo(Trace trace, String attempt) {
    List<Offer.Operation> operations = new ArrayList<>();
    if (trace.created()) {
      operations.add(
          Offer.Operation.newBuilder()
              .setType(Offer.Operation.Type.DESTROY)
              .setId(new OperationName(Step.DESTROY, trace.id(), attempt).id())
              .setDestroy(Offer.Operation.Destroy.newBuilder().addVolumes(trace.resource()))
              .build());
    }
    operations.add(
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.UNRESERVE)
            .setId(new OperationName(Step.UNRESERVE, trace.id(), attempt).id())
            .setUnreserve(
                Offer.Operation.Unreserve.newBuilder()
                    .addResources(trace.resource().toBuilder().clearDisk()))
            .build());
    return operations;
  }
}
