package peloton.mesos.local.master;

import org.apache.mesos.v1.Protos.OperationStatus;
import peloton.mesos.local.loop.EventLoop;

/** An operation whose last word its framework has not acknowledged. */
final class OperationRecord {

  private final Framework framework;
  private final AgentSlot agent;
  private final OperationStatus status;
  private EventLoop.Timer resend = () -> {};

  OperationRecord(Framework framework, AgentSlot agent, OperationStatus status) {
    this.framework = framework;
    this.agent = agent;
    this.status = status;
  }

  Framework framework() {
    return framework;
  }

  AgentSlot agent() {
    return agent;
  }

  String id() {
    return status.getOperationId().getValue();
  }

  /** What it is told as, with the uuid to be acknowledged. */
  OperationStatus status() {
    return status;
  }

  void resend(EventLoop.Timer timer) {
    resend.cancel();
    resend = timer;
  }
}
