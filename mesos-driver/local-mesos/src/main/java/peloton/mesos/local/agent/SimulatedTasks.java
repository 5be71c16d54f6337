package peloton.mesos.local.agent;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.CheckStatusInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import peloton.mesos.local.loop.EventLoop;

/**
 * Tasks without processes. A task runs until it is stopped, or for the seconds that its label
 * {@value #RUN_SECONDS} gives, and then exits with the code of its label {@value #EXIT_CODE}.
 * Checks find that all is well unless its labels {@value #HEALTH} and {@value #CHECK} say
 * otherwise.
 */
public final class SimulatedTasks implements TaskRunner {

  /** Label: how long the task runs, in seconds, decimals allowed. */
  public static final String RUN_SECONDS = "simulate.run-seconds";

  /** Label: with which code it exits then; 0 when absent. */
  public static final String EXIT_CODE = "simulate.exit-code";

  /** Label: {@code failing} makes every health check fail; else they pass. */
  public static final String HEALTH = "simulate.health";

  /** Label: {@code failing} makes every check find what is not wanted. */
  public static final String CHECK = "simulate.check";

  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  private final EventLoop loop;
  private final Duration startDelay;
  private final Duration stopDelay;
  private final Map<TaskKey, Simulation> running = new HashMap<>();

  /**
   * @param startDelay from launch to TASK_RUNNING
   * @param stopDelay from the first stop to the end, unless the grace is over before
   */
  public SimulatedTasks(EventLoop loop, Duration startDelay, Duration stopDelay) {
    this.loop = loop;
    this.startDelay = startDelay;
    this.stopDelay = stopDelay;
  }

  @Override
  public void start(Launch launch, Listener listener) {
    var task = new Simulation(launch, listener);
    running.put(launch.key(), task);
    task.next(startDelay, task::begin);
  }

  @Override
  public void stop(TaskKey key, Duration grace) {
    var task = running.get(key);
    if (task != null) {
      task.stop(grace);
    }
  }

  @Override
  public void probe(TaskKey key, Consumer<Optional<String>> result) {
    var task = running.get(key);
    if (task != null) {
      result.accept(task.problem());
    }
  }

  @Override
  public void check(TaskKey key, Consumer<CheckStatusInfo> result) {
    var task = running.get(key);
    if (task != null) {
      result.accept(task.checked());
    }
  }

  /** Simulated tasks write nothing, so there is nothing to keep. */
  @Override
  public void createVolume(PersistentVolume volume) {}

  @Override
  public void destroyVolume(PersistentVolume volume) {}

  private static Duration runTime(String seconds) {
    try {
      return Duration.ofNanos((long) (Double.parseDouble(seconds) * 1e9));
    } catch (NumberFormatException e) {
      return Duration.ZERO;
    }
  }

  private static int exitCode(String code) {
    try {
      return Integer.parseInt(code);
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  private final class Simulation {
    private final TaskKey key;
    private final TaskInfo info;
    private final Listener listener;
    private EventLoop.Timer timer = () -> {};
    private boolean stopping;
    private long endsAt;

    private Simulation(Launch launch, Listener listener) {
      this.key = launch.key();
      this.info = launch.info();
      this.listener = listener;
    }

    private void begin() {
      listener.running(key);
      Duration runTime = null;
      int code = 0;
      for (var label : info.getLabels().getLabelsList()) {
        if (label.getKey().equals(RUN_SECONDS)) {
          runTime = runTime(label.getValue());
        } else if (label.getKey().equals(EXIT_CODE)) {
          code = exitCode(label.getValue());
        }
      }
      if (runTime != null) {
        var exit = ExitStatus.code(code);
        next(runTime, () -> end(exit));
      }
    }

    private CheckStatusInfo checked() {
      boolean failing = isFailing(CHECK);
      var status = CheckMonitor.unknown(info.getCheck()).toBuilder();
      switch (status.getType()) {
        case COMMAND -> status.getCommandBuilder().setExitCode(failing ? 1 : 0);
        case HTTP -> status.getHttpBuilder().setStatusCode(failing ? 503 : 200);
        case TCP -> status.getTcpBuilder().setSucceeded(!failing);
        default -> {
          // The master lets no check without a type pass.
        }
      }
      return status.build();
    }

    private boolean isFailing(String which) {
      return info.getLabels().getLabelsList().stream()
          .anyMatch(label -> label.getKey().equals(which) && label.getValue().equals("failing"));
    }

    private Optional<String> problem() {
      return isFailing(HEALTH) ? Optional.of("The label " + HEALTH + " says so") : Optional.empty();
    }

    private void stop(Duration grace) {
      boolean forced = grace.compareTo(stopDelay) < 0;
      var wait = forced ? grace : stopDelay;
      long end = loop.nanoTime() + wait.toNanos();
      if (stopping && end - endsAt >= 0) {
        return;
      }
      stopping = true;
      endsAt = end;
      var exit = ExitStatus.signal(forced ? SIGKILL : SIGTERM);
      next(wait, () -> end(exit));
    }

    private void end(ExitStatus exit) {
      running.remove(key);
      listener.exited(key, exit);
    }

    private void next(Duration delay, Runnable step) {
      timer.cancel();
      timer = loop.schedule(delay, step);
    }
  }
}
