package peloton.mesos.local.agent;

import java.util.Map;

/** How a process ended: with an exit code, or by a signal. */
public record ExitStatus(boolean signalled, int value) {

  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "Hangup"),
          Map.entry(2, "Interrupt"),
          Map.entry(3, "Quit"),
          Map.entry(4, "Illegal instruction"),
          Map.entry(6, "Aborted"),
          Map.entry(7, "Bus error"),
          Map.entry(8, "Floating point exception"),
          Map.entry(9, "Killed"),
          Map.entry(11, "Segmentation fault"),
          Map.entry(13, "Broken pipe"),
          Map.entry(14, "Alarm clock"),
          Map.entry(15, "Terminated"));

  public static ExitStatus code(int code) {
    return new ExitStatus(false, code);
  }

  public static ExitStatus signal(int number) {
    return new ExitStatus(true, number);
  }

  /**
   * From what Java says of a process: 128 plus the number when a signal ended it. A command that
   * itself exits with such a code cannot be told from one that the signal ended.
   */
  public static ExitStatus ofJava(int value) {
    return value > 128 && value <= 192 ? signal(value - 128) : code(value);
  }

  public boolean succeeded() {
    return !signalled && value == 0;
  }

  /** The words that Mesos' command executor uses. */
  public String describe() {
    return signalled
        ? "Command terminated with signal " + SIGNALS.getOrDefault(value, "number " + value)
        : "Command exited with status " + value;
  }
}
