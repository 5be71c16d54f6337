package peloton.scenario;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OperationState;
import org.apache.mesos.v1.Protos.OperationStatus;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.UUID;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * The reservations and persistent volumes of scripted agents. What was done is told until it is
 * acknowledged; what a scheduler must never ask for is a violation.
 */
final class ScriptedVolumes {
  private final Map<String, Piece> pieces = new TreeMap<>();
  private final Map<String, OperationStatus> unacknowledged = new LinkedHashMap<>();
  private final List<String> violations;
  private final Consumer<OperationStatus> tell;
  private long counter;

  /** A reservation, perhaps with a volume on it. */
  private static final class Piece {
    private final String agent;
    private Resource resource;
    private String user = "";
    private final List<String> writers = new ArrayList<>();

    private Piece(String agent, Resource resource) {
      this.agent = agent;
      this.resource = resource;
    }
  }

  ScriptedVolumes(List<String> violations, Consumer<OperationStatus> tell) {
    this.violations = violations;
    this.tell = tell;
  }

  /** What is offered of an agent: all that no task uses. */
  List<Resource> offered(String agent) {
    return pieces.values().stream()
        .filter(piece -> piece.agent.equals(agent) && piece.user.isEmpty())
        .map(piece -> piece.resource)
        .toList();
  }

  /** Megabytes that are reserved on an agent. */
  double reserved(String agent) {
    return pieces.values().stream()
        .filter(piece -> piece.agent.equals(agent))
        .mapToDouble(piece -> piece.resource.getScalar().getValue())
        .sum();
  }

  /** Every volume with its agent and the tasks that have run on it; reservations without any. */
  Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    pieces.forEach(
        (key, piece) ->
            all.put(
                key,
                piece.agent
                    + (piece.resource.hasDisk() ? " volume " : " reservation ")
                    + piece.writers.size()));
    return all;
  }

  /** The tasks that have run on the only volume of a pod's agent, oldest first. */
  List<String> writers(String id) {
    return List.copyOf(pieces.get(id).writers);
  }

  /** Something that an operator has left on an agent. */
  void plant(String agent, Resource resource) {
    pieces.put(id(resource), new Piece(agent, resource));
  }

  void operate(String agent, Offer.Operation operation) {
    switch (operation.getType()) {
      case RESERVE ->
          operation
              .getReserve()
              .getResourcesList()
              .forEach(
                  resource -> {
                    if (pieces.putIfAbsent(id(resource), new Piece(agent, resource)) != null) {
                      violations.add("reserved twice: " + id(resource));
                    }
                  });
      case CREATE ->
          operation
              .getCreate()
              .getVolumesList()
              .forEach(
                  volume -> {
                    Piece piece = free(agent, volume, "created");
                    if (piece != null
                        && volume.toBuilder().clearDisk().build().equals(piece.resource)) {
                      piece.resource = volume;
                    } else {
                      violations.add("created on what is not reserved: " + id(volume));
                    }
                  });
      case DESTROY ->
          operation
              .getDestroy()
              .getVolumesList()
              .forEach(
                  volume -> {
                    Piece piece = free(agent, volume, "destroyed");
                    if (piece != null) {
                      piece.resource = piece.resource.toBuilder().clearDisk().build();
                      piece.writers.clear();
                    }
                  });
      case UNRESERVE ->
          operation
              .getUnreserve()
              .getResourcesList()
              .forEach(
                  resource -> {
                    Piece piece = free(agent, resource, "unreserved");
                    if (piece != null && piece.resource.hasDisk()) {
                      violations.add("unreserved below a volume: " + id(resource));
                    }
                    pieces.remove(id(resource));
                  });
      default -> {
        return;
      }
    }
    if (operation.hasId()) {
      String uuid = "operation-" + ++counter;
      OperationStatus status =
          OperationStatus.newBuilder()
              .setOperationId(operation.getId())
              .setState(OperationState.OPERATION_FINISHED)
              .setAgentId(AgentID.newBuilder().setValue(agent))
              .setUuid(UUID.newBuilder().setValue(ByteString.copyFromUtf8(uuid)))
              .build();
      unacknowledged.put(uuid, status);
      tell.accept(status);
    }
  }

  private Piece free(String agent, Resource resource, String what) {
    Piece piece = pieces.get(id(resource));
    if (piece == null || !piece.agent.equals(agent) || !piece.user.isEmpty()) {
      violations.add(what + " what is not free on " + agent + ": " + id(resource));
      return null;
    }
    return piece;
  }

  /** A task begins to use its volumes. */
  void launched(String agent, TaskInfo task) {
    for (Resource resource : task.getResourcesList()) {
      if (!resource.getDisk().hasPersistence()) {
        continue;
      }
      Piece piece = free(agent, resource, "launched on");
      if (piece != null) {
        piece.user = task.getTaskId().getValue();
        piece.writers.add(piece.user);
      }
    }
  }

  /** A task is over, or Mesos has lost every trace of it. */
  void ended(TaskInfo task) {
    pieces.values().stream()
        .filter(piece -> piece.user.equals(task.getTaskId().getValue()))
        .forEach(piece -> piece.user = "");
  }

  /** Tells again what was not acknowledged. */
  void repeat() {
    List.copyOf(unacknowledged.values()).forEach(tell);
  }

  void acknowledge(Call.AcknowledgeOperationStatus call) {
    unacknowledged.remove(call.getUuid().toStringUtf8());
  }

  void reconcile() {
    List.copyOf(unacknowledged.values())
        .forEach(status -> tell.accept(status.toBuilder().clearUuid().build()));
  }

  /** Feedback that nobody has acknowledged. */
  int unacknowledged() {
    return unacknowledged.size();
  }

  private static String id(Resource resource) {
    return resource.getReservations(0).getLabels().getLabelsList().stream()
        .filter(label -> label.getKey().equals("peloton.volume"))
        .map(label -> label.getValue())
        .findFirst()
        .orElse("unlabelled");
  }
}
