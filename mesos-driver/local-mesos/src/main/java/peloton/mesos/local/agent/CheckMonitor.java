package peloton.mesos.local.agent;

import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.CheckInfo;
import org.apache.mesos.v1.Protos.CheckStatusInfo;
import peloton.mesos.local.loop.EventLoop;

/** Checks one task again and again and tells the result whenever it is another than before. */
final class CheckMonitor {

  private final EventLoop loop;
  private final CheckInfo check;
  private final Consumer<Consumer<CheckStatusInfo>> probe;
  private final Consumer<CheckStatusInfo> listener;
  private EventLoop.Timer next;
  private CheckStatusInfo last;
  private boolean stopped;

  /**
   * @param probe checks once and tells the result; one without a value when there was none in time
   */
  CheckMonitor(
      EventLoop loop,
      CheckInfo check,
      Consumer<Consumer<CheckStatusInfo>> probe,
      Consumer<CheckStatusInfo> listener) {
    this.loop = loop;
    this.check = check;
    this.probe = probe;
    this.listener = listener;
    this.last = unknown(check);
    this.next = loop.schedule(HealthMonitor.seconds(check.getDelaySeconds()), this::probe);
  }

  /** What is told before there was a result: the type, and that there is no value. */
  static CheckStatusInfo unknown(CheckInfo check) {
    var status = CheckStatusInfo.newBuilder().setType(check.getType());
    switch (check.getType()) {
      case COMMAND -> status.getCommandBuilder();
      case HTTP -> status.getHttpBuilder();
      case TCP -> status.getTcpBuilder();
      default -> {
        // The master lets no check without a type pass.
      }
    }
    return status.build();
  }

  void stop() {
    stopped = true;
    next.cancel();
  }

  private void probe() {
    probe.accept(this::result);
  }

  private void result(CheckStatusInfo status) {
    if (stopped) {
      return;
    }
    next = loop.schedule(HealthMonitor.seconds(check.getIntervalSeconds()), this::probe);
    if (!status.equals(last)) {
      last = status;
      listener.accept(status);
    }
  }
}
