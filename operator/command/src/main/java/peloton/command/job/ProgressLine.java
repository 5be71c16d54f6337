package peloton.command.job;

import peloton.command.Console;

/**
 * Shows how far something is on standard error: one line drawn again and again on a terminal, and a
 * line for each change elsewhere.
 */
final class ProgressLine implements Rollout.Progress {
  private final Console console;
  private int width;

  ProgressLine(Console console) {
    this.console = console;
  }

  @Override
  public void changed(String text) {
    if (console.interactive()) {
      String padding = " ".repeat(Math.max(0, width - text.length()));
      console.err().print("\r" + text + padding);
      width = text.length();
    } else {
      console.err().println(text);
    }
    console.err().flush();
  }

  @Override
  public void ended() {
    if (console.interactive() && width > 0) {
      console.err().println();
      console.err().flush();
    }
  }
}
