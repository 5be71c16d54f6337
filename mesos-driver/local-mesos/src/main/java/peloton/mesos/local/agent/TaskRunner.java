package peloton.mesos.local.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.CheckStatusInfo;

/** Runs tasks. Called on the event loop and must not block it. */
public interface TaskRunner {

  /** Starts a task; what becomes of it is told to {@code listener} on the event loop. */
  void start(Launch launch, Listener listener);

  /**
   * Asks a task to end, and ends it by force after the grace. A later call may bring the end
   * forward, not put it off. Unknown tasks and tasks that have ended are left alone.
   */
  void stop(TaskKey key, Duration grace);

  /**
   * Checks once whether a running task is healthy, by the health check that its TaskInfo carries.
   *
   * @param result told on the event loop: what is wrong, or empty when nothing is; not told of a
   *     task that has ended
   */
  void probe(TaskKey key, Consumer<Optional<String>> result);

  /**
   * Does once the check that a task's TaskInfo carries, which judges nothing.
   *
   * @param result told on the event loop: what was found, without a value when nothing was found in
   *     time; not told of a task that has ended
   */
  void check(TaskKey key, Consumer<CheckStatusInfo> result);

  /** Makes the place of a persistent volume, empty. */
  void createVolume(PersistentVolume volume);

  /** Removes a persistent volume and all data on it. */
  void destroyVolume(PersistentVolume volume);

  /** What becomes of a task: it runs and then ends, or it never runs. */
  interface Listener {

    void running(TaskKey key);

    void exited(TaskKey key, ExitStatus status);

    /** The task never ran; {@code why} is for the framework's people. */
    void failedToStart(TaskKey key, String why);
  }
}
