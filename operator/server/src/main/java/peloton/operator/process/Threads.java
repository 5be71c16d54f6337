package peloton.operator.process;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the process' executors. */
final class Threads {
  private static final Logger log = LoggerFactory.getLogger(Threads.class);

  /** Parts that stop one after the other may still hand each other work: it is of no use then. */
  private static final RejectedExecutionHandler DROP = (task, executor) -> {};

  private Threads() {}

  /** Runs one task at a time, in order. */
  static ExecutorService single(String name) {
    return pool(name, 1);
  }

  /** A failed task is a defect; an Error is the end of the process, if it has a way to end. */
  private static void report(Thread thread, Throwable failure) {
    log.error("a task of {} failed", thread.getName(), failure);
    Thread.UncaughtExceptionHandler last = Thread.getDefaultUncaughtExceptionHandler();
    if (failure instanceof Error && last != null) {
      last.uncaughtException(thread, failure);
    }
  }

  static ExecutorService pool(String name, int size) {
    return new ThreadPoolExecutor(
        size,
        size,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          thread.setUncaughtExceptionHandler((failed, failure) -> report(failed, failure));
          return thread;
        },
        DROP);
  }
}
