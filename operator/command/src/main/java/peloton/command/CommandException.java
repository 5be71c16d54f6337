package peloton.command;

/** Ends a subcommand with a message for standard error and an exit code. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The command line asks for something that makes no sense. */
  public static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message, null);
  }

  /** The answer is no. */
  public static CommandException refused(String message) {
    return new CommandException(ExitCode.REFUSED, message, null);
  }

  /** As {@link #refused(String)}, after another failure. */
  public static CommandException refused(String message, Throwable cause) {
    return new CommandException(ExitCode.REFUSED, message, cause);
  }

  /** Nobody answered. */
  public static CommandException unreachable(String message, Throwable cause) {
    return new CommandException(ExitCode.UNREACHABLE, message, cause);
  }

  /** What was waited for did not happen. */
  public static CommandException waitFailed(String message) {
    return new CommandException(ExitCode.WAIT_FAILED, message, null);
  }

  /** One of {@link ExitCode}. */
  public int exitCode() {
    return exitCode;
  }
}
