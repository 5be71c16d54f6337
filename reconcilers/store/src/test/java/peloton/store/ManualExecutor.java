package peloton.store;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** An executor whose tasks run in order when the test says so, on the test's thread. */
public final class ManualExecutor implements Executor {
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Runs everything that waits and everything that follows from it. */
  public void runAll() {
    while (runNext()) {
      // Until nothing waits.
    }
  }

  /** Runs one task; false if none waits. */
  public boolean runNext() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /** Forgets what waits, as the death of a process does. */
  public void drop() {
    tasks.clear();
  }

  public int waiting() {
    return tasks.size();
  }
}
