package peloton.mesos.local.agent;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import peloton.mesos.local.loop.EventLoop;

/**
 * The updates of one task, in order. Only the oldest is on its way; it is sent again, less and less
 * often, until it is acknowledged, and only then comes the next.
 */
final class StatusStream {

  /** Mesos stops doubling here. */
  private static final Duration LONGEST_RESEND = Duration.ofMinutes(10);

  private final EventLoop loop;
  private final Duration firstResend;
  private final Consumer<TaskStatus> sender;
  private final ArrayDeque<TaskStatus> pending = new ArrayDeque<>(2);
  private EventLoop.Timer resend = () -> {};
  private TaskState latest = TaskState.TASK_STAGING;
  private boolean finished;

  StatusStream(EventLoop loop, Duration firstResend, Consumer<TaskStatus> sender) {
    this.loop = loop;
    this.firstResend = firstResend;
    this.sender = sender;
  }

  /** The newest state, acknowledged or not. */
  TaskState latest() {
    return latest;
  }

  /** Whether the final update has been acknowledged. */
  boolean finished() {
    return finished;
  }

  void add(TaskStatus status) {
    latest = status.getState();
    pending.add(status);
    if (pending.size() == 1) {
      send(firstResend);
    }
  }

  /** Takes an acknowledgement; one that is not for the oldest update is ignored. */
  void acknowledge(ByteString uuid) {
    var oldest = pending.peek();
    if (oldest == null || !oldest.getUuid().equals(uuid)) {
      return;
    }
    pending.poll();
    resend.cancel();
    if (TaskStates.isTerminal(oldest.getState())) {
      finished = true;
      pending.clear();
    } else if (!pending.isEmpty()) {
      send(firstResend);
    }
  }

  /** Sends the oldest update again at once, because there is somebody new to hear it. */
  void resume() {
    resend.cancel();
    if (!pending.isEmpty()) {
      send(firstResend);
    }
  }

  void stop() {
    resend.cancel();
    pending.clear();
    finished = true;
  }

  private void send(Duration wait) {
    resend = loop.schedule(wait, () -> send(longer(wait)));
    sender.accept(pending.element());
  }

  private static Duration longer(Duration wait) {
    var doubled = wait.multipliedBy(2);
    return doubled.compareTo(LONGEST_RESEND) > 0 ? LONGEST_RESEND : doubled;
  }
}
