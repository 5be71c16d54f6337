package peloton.command;

/** The exit codes of every subcommand; also listed by {@code --help}. */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** The server, or the story that was run, said no. */
  public static final int REFUSED = 1;

  /** The command line or a spec file could not be understood; nothing was sent. */
  public static final int USAGE = 2;

  /** The server could not be reached, was not ready, or did not answer in time. */
  public static final int UNREACHABLE = 3;

  /** The request was accepted, and what {@code --wait} waited for did not happen. */
  public static final int WAIT_FAILED = 4;

  private ExitCode() {}
}
