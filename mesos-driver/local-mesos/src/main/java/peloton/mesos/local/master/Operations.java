package peloton.mesos.local.master;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.Offer.Operation;
import org.apache.mesos.v1.Protos.OperationID;
import org.apache.mesos.v1.Protos.OperationState;
import org.apache.mesos.v1.Protos.OperationStatus;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import peloton.mesos.local.loop.EventLoop;
import peloton.mesos.local.resources.Conversion;
import peloton.mesos.local.resources.InvalidResources;
import peloton.mesos.local.resources.Resources;

/**
 * Reservations and persistent volumes. An operation takes effect at once; one with an id is told of
 * until that is acknowledged, each time after twice as long.
 */
final class Operations {

  private static final Duration LONGEST_RESEND = Duration.ofMinutes(10);

  private final Cluster cluster;
  private final EventLoop loop;
  private final Duration firstResend;
  private final Map<UUID, OperationRecord> unacknowledged = new LinkedHashMap<>();

  Operations(Cluster cluster, EventLoop loop, Duration firstResend) {
    this.cluster = cluster;
    this.loop = loop;
    this.firstResend = firstResend;
  }

  /** What kind of conversion an operation is; empty for those that are none. */
  static Optional<Conversion.Type> type(Operation.Type type) {
    return switch (type) {
      case RESERVE -> Optional.of(Conversion.Type.RESERVE);
      case UNRESERVE -> Optional.of(Conversion.Type.UNRESERVE);
      case CREATE -> Optional.of(Conversion.Type.CREATE);
      case DESTROY -> Optional.of(Conversion.Type.DESTROY);
      default -> Optional.empty();
    };
  }

  private static List<Resource> resources(Operation operation) {
    return switch (operation.getType()) {
      case RESERVE -> operation.getReserve().getResourcesList();
      case UNRESERVE -> operation.getUnreserve().getResourcesList();
      case CREATE -> operation.getCreate().getVolumesList();
      default -> operation.getDestroy().getVolumesList();
    };
  }

  /**
   * Does one operation of an ACCEPT.
   *
   * @param left what is left of the accepted offers
   * @return what is left then
   */
  Resources accept(
      Framework framework, AgentSlot agent, String role, Resources left, Operation operation) {
    var type = type(operation.getType());
    if (type.isEmpty()) {
      refuse(framework, operation, operation.getType() + " is not supported by the local Mesos");
      return left;
    }
    Conversion conversion;
    try {
      var info = framework.info();
      conversion =
          Conversion.of(
              type.get(),
              resources(operation),
              Optional.of(role),
              info.hasPrincipal() ? Optional.of(info.getPrincipal()) : Optional.empty());
    } catch (InvalidResources e) {
      refuse(framework, operation, "Invalid " + type.get() + " operation: " + e.getMessage());
      return left;
    }
    var problem = duplicate(type.get(), agent, conversion);
    if (problem.isEmpty() && !left.contains(conversion.consumed())) {
      problem =
          Optional.of(
              "Invalid "
                  + type.get()
                  + " operation: it needs "
                  + conversion.consumed()
                  + ", the offers have "
                  + left);
    }
    if (problem.isPresent()) {
      refuse(framework, operation, problem.get());
      return left;
    }
    apply(type.get(), agent, conversion);
    if (operation.hasId()) {
      finished(framework, agent, operation.getId(), conversion);
    }
    return left.minus(conversion.consumed()).plus(conversion.converted());
  }

  /** Why an operator's operation cannot be done; empty when it was done on what is free. */
  Optional<String> byOperator(AgentSlot agent, Conversion.Type type, Conversion conversion) {
    var problem = duplicate(type, agent, conversion);
    if (problem.isEmpty()) {
      agent.take(conversion.consumed());
      apply(type, agent, conversion);
      agent.giveBack(conversion.converted());
      cluster.refresh(agent);
    }
    return problem;
  }

  private static Optional<String> duplicate(
      Conversion.Type type, AgentSlot agent, Conversion conversion) {
    if (type != Conversion.Type.CREATE) {
      return Optional.empty();
    }
    var there = agent.total().volumes();
    return conversion.converted().volumes().stream()
        .map(volume -> volume.getDisk().getPersistence().getId())
        .filter(
            id -> there.stream().anyMatch(any -> any.getDisk().getPersistence().getId().equals(id)))
        .findFirst()
        .map(id -> "Persistence ID '" + id + "' is not unique");
  }

  private static void apply(Conversion.Type type, AgentSlot agent, Conversion conversion) {
    agent.convert(conversion);
    if (type == Conversion.Type.DESTROY) {
      agent.agent().destroyVolumes(conversion.consumed().volumes());
    } else if (type == Conversion.Type.CREATE) {
      agent.agent().createVolumes(conversion.converted().volumes());
    }
  }

  /** An operation is answered only when it has an id to answer to. */
  void refuse(Framework framework, Operation operation, String why) {
    if (operation.hasId()) {
      send(
          framework,
          OperationStatus.newBuilder()
              .setOperationId(operation.getId())
              .setState(OperationState.OPERATION_ERROR)
              .setMessage(why)
              .build());
    }
  }

  private void finished(
      Framework framework, AgentSlot agent, OperationID id, Conversion conversion) {
    var uuid = UUID.randomUUID();
    var status =
        OperationStatus.newBuilder()
            .setOperationId(id)
            .setState(OperationState.OPERATION_FINISHED)
            .addAllConvertedResources(
                conversion
                    .converted()
                    .toProto(
                        Optional.empty(), !framework.can(Capability.Type.RESERVATION_REFINEMENT)))
            .setUuid(org.apache.mesos.v1.Protos.UUID.newBuilder().setValue(bytes(uuid)))
            .setAgentId(agent.info().getId())
            .build();
    var record = new OperationRecord(framework, agent, status);
    unacknowledged.put(uuid, record);
    tell(record, firstResend);
  }

  private void tell(OperationRecord record, Duration wait) {
    if (record.agent().isActive()) {
      send(record.framework(), record.status());
    }
    var doubled = wait.multipliedBy(2);
    record.resend(
        loop.schedule(
            wait,
            () -> tell(record, doubled.compareTo(LONGEST_RESEND) > 0 ? LONGEST_RESEND : doubled)));
  }

  /** Tells again what was not acknowledged: there is somebody new to hear it. */
  void resume(Framework framework) {
    List.copyOf(unacknowledged.values()).stream()
        .filter(record -> record.framework() == framework)
        .forEach(record -> tell(record, firstResend));
  }

  /** Tells again what could not be heard while an agent was away. */
  void resume(AgentSlot agent) {
    List.copyOf(unacknowledged.values()).stream()
        .filter(record -> record.agent() == agent)
        .forEach(record -> tell(record, firstResend));
  }

  /** Takes an acknowledgement; one that fits nothing is ignored. */
  Optional<AgentSlot> acknowledge(Framework framework, Call.AcknowledgeOperationStatus call) {
    var buffer = call.getUuid().asReadOnlyByteBuffer();
    var uuid = new UUID(buffer.getLong(), buffer.getLong());
    var record = unacknowledged.get(uuid);
    if (record == null
        || record.framework() != framework
        || !record.agent().isActive()
        || !record.id().equals(call.getOperationId().getValue())) {
      return Optional.empty();
    }
    remove(uuid);
    return Optional.of(record.agent());
  }

  /** Whether the framework has still to hear of something on this agent. */
  boolean isPending(AgentSlot agent) {
    return unacknowledged.values().stream().anyMatch(record -> record.agent() == agent);
  }

  /** The agent is gone: so are its operations, and their frameworks are told. */
  void gone(AgentSlot agent) {
    for (var entry : List.copyOf(unacknowledged.entrySet())) {
      var record = entry.getValue();
      if (record.agent() == agent) {
        remove(entry.getKey());
        send(
            record.framework(),
            answer(
                record.status().getOperationId(),
                Optional.of(agent),
                OperationState.OPERATION_GONE_BY_OPERATOR,
                "The agent is gone"));
      }
    }
  }

  void forget(Framework framework) {
    for (var entry : List.copyOf(unacknowledged.entrySet())) {
      if (entry.getValue().framework() == framework) {
        remove(entry.getKey());
      }
    }
  }

  private void remove(UUID uuid) {
    unacknowledged.remove(uuid).resend(() -> {});
  }

  /** Answers RECONCILE_OPERATIONS: what was asked for, or everything there is. */
  void reconcile(Framework framework, Call.ReconcileOperations call) {
    var own = new ArrayList<>(unacknowledged.values());
    own.removeIf(record -> record.framework() != framework);
    if (call.getOperationsCount() == 0) {
      own.forEach(record -> send(framework, known(record)));
      return;
    }
    for (var asked : call.getOperationsList()) {
      var record =
          own.stream()
              .filter(any -> any.id().equals(asked.getOperationId().getValue()))
              .findFirst();
      send(
          framework,
          record
              .map(Operations::known)
              .orElseGet(
                  () ->
                      unknown(
                          asked.getOperationId(),
                          asked.hasAgentId()
                              ? Optional.of(asked.getAgentId())
                              : Optional.empty())));
    }
  }

  private static OperationStatus known(OperationRecord record) {
    return record.agent().isRegistered()
        ? record.status().toBuilder().clearUuid().build()
        : answer(
            record.status().getOperationId(),
            Optional.of(record.agent()),
            OperationState.OPERATION_UNREACHABLE,
            "Reconciliation: the agent is unreachable");
  }

  private OperationStatus unknown(OperationID id, Optional<AgentID> agentId) {
    var agent = agentId.flatMap(any -> cluster.agent(any.getValue()));
    var state =
        agent
            .map(AgentSlot::membership)
            .map(
                membership ->
                    switch (membership) {
                      case ACTIVE, DISCONNECTED -> OperationState.OPERATION_UNKNOWN;
                      case UNREACHABLE -> OperationState.OPERATION_UNREACHABLE;
                      case GONE -> OperationState.OPERATION_GONE_BY_OPERATOR;
                    })
            .orElse(OperationState.OPERATION_UNKNOWN);
    return answer(id, agent, state, "Reconciliation: nobody knows the operation");
  }

  private static OperationStatus answer(
      OperationID id, Optional<AgentSlot> agent, OperationState state, String message) {
    var status =
        OperationStatus.newBuilder().setOperationId(id).setState(state).setMessage(message);
    agent.ifPresent(slot -> status.setAgentId(slot.info().getId()));
    return status.build();
  }

  private static void send(Framework framework, OperationStatus status) {
    framework.send(
        Event.newBuilder()
            .setType(Event.Type.UPDATE_OPERATION_STATUS)
            .setUpdateOperationStatus(Event.UpdateOperationStatus.newBuilder().setStatus(status))
            .build());
  }

  private static ByteString bytes(UUID uuid) {
    var bytes = ByteBuffer.allocate(16);
    bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits()).flip();
    return ByteString.copyFrom(bytes);
  }
}
