package peloton.command.process;

import java.util.concurrent.CountDownLatch;
import peloton.command.ExitCode;

/**
 * Keeps a server running until it is told to stop, by SIGTERM, Ctrl-C or the end of its parent, and
 * then closes it once.
 */
public final class Foreground {
  private final AutoCloseable server;
  private final String name;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  public Foreground(String name, AutoCloseable server) {
    this.name = name;
    this.server = server;
  }

  /** Asks for the end; returns at once. */
  public void stop() {
    stop.countDown();
  }

  /** Returns when the server has been told to stop and is closed. */
  public int run() {
    Thread hook =
        new Thread(
            () -> {
              stop();
              awaitQuietly(closed);
            },
            name + "-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    awaitQuietly(stop);
    try {
      server.close();
    } catch (Exception e) {
      System.err.println("peloton: " + name + " did not stop cleanly: " + e);
      return ExitCode.REFUSED;
    } finally {
      closed.countDown();
    }
    return ExitCode.OK;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
