package peloton.command.process;

import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Option;

/** Ends this process when the one that started it is gone, which shows as the end of its input. */
public final class ParentWatch {
  @Option(names = "--exit-with-parent", hidden = true)
  private boolean enabled;

  /**
   * Begins to watch, if that was asked for.
   *
   * @param input nothing is ever written to it; it ends with the parent
   * @param stop called once, on a thread of its own
   */
  public void begin(InputStream input, Runnable stop) {
    if (!enabled) {
      return;
    }
    Thread watch =
        new Thread(
            () -> {
              awaitEnd(input);
              stop.run();
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void awaitEnd(InputStream input) {
    byte[] buffer = new byte[256];
    try {
      while (input.read(buffer) >= 0) {
        // Whatever is written here is nobody's order.
      }
    } catch (IOException e) {
      // A broken pipe means the same as its end.
    }
  }
}
