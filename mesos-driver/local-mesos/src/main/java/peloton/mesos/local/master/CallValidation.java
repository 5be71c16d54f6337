package peloton.mesos.local.master;

import java.util.Optional;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** Decides whether a call has what its type needs. Pure; connection threads call it. */
public final class CallValidation {

  private static final int UUID_BYTES = 16;

  private CallValidation() {}

  /** What is wrong with the call; empty when nothing is. */
  public static Optional<String> problem(Call call) {
    if (!call.isInitialized()) {
      return Optional.of("required fields are missing: " + call.getInitializationErrorString());
    }
    if (!call.hasType() || call.getType() == Call.Type.UNKNOWN) {
      return Optional.of("'type' must be set to a type of call that Mesos knows");
    }
    if (call.getType() == Call.Type.SUBSCRIBE) {
      if (!call.hasSubscribe()) {
        return missing("subscribe");
      }
      return call.getSubscribe().getFrameworkInfo().getId().equals(call.getFrameworkId())
          ? Optional.empty()
          : Optional.of("'framework_id' differs from 'subscribe.framework_info.id'");
    }
    if (!call.hasFrameworkId()) {
      return missing("framework_id");
    }
    return switch (call.getType()) {
      case ACCEPT -> present(call.hasAccept(), "accept");
      case DECLINE -> present(call.hasDecline(), "decline");
      case ACCEPT_INVERSE_OFFERS -> present(call.hasAcceptInverseOffers(), "accept_inverse_offers");
      case DECLINE_INVERSE_OFFERS ->
          present(call.hasDeclineInverseOffers(), "decline_inverse_offers");
      case KILL -> present(call.hasKill(), "kill");
      case SHUTDOWN -> present(call.hasShutdown(), "shutdown");
      case RECONCILE -> present(call.hasReconcile(), "reconcile");
      case RECONCILE_OPERATIONS -> present(call.hasReconcileOperations(), "reconcile_operations");
      case MESSAGE -> present(call.hasMessage(), "message");
      case REQUEST -> present(call.hasRequest(), "request");
      case ACKNOWLEDGE ->
          call.hasAcknowledge()
              ? uuid(call.getAcknowledge().getUuid().size(), "acknowledge.uuid")
              : missing("acknowledge");
      case ACKNOWLEDGE_OPERATION_STATUS -> {
        if (!call.hasAcknowledgeOperationStatus()) {
          yield missing("acknowledge_operation_status");
        }
        var acknowledge = call.getAcknowledgeOperationStatus();
        yield uuid(acknowledge.getUuid().size(), "acknowledge_operation_status.uuid")
            .or(() -> present(acknowledge.hasAgentId(), "acknowledge_operation_status.agent_id"));
      }
      case UPDATE_FRAMEWORK -> {
        if (!call.hasUpdateFramework()) {
          yield missing("update_framework");
        }
        yield call.getUpdateFramework().getFrameworkInfo().getId().equals(call.getFrameworkId())
            ? Optional.empty()
            : Optional.of("'framework_id' differs from 'update_framework.framework_info.id'");
      }
      default -> Optional.empty();
    };
  }

  private static Optional<String> present(boolean there, String field) {
    return there ? Optional.empty() : missing(field);
  }

  private static Optional<String> missing(String field) {
    return Optional.of("'" + field + "' must be set");
  }

  private static Optional<String> uuid(int bytes, String field) {
    return bytes == UUID_BYTES
        ? Optional.empty()
        : Optional.of("'" + field + "' has " + bytes + " bytes, a UUID has " + UUID_BYTES);
  }
}
