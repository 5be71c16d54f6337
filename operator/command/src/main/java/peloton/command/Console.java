package peloton.command;

import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/**
 * Where a command reads and writes.
 *
 * @param out results, for people and pipes
 * @param err messages
 * @param in standard input
 * @param environment the variables that set defaults, such as {@code PELOTON_SERVER}
 * @param clock for ages; never for decisions
 * @param interactive true if {@code out} is a terminal on which a line may be drawn again
 */
public record Console(
    PrintWriter out,
    PrintWriter err,
    InputStream in,
    Map<String, String> environment,
    InstantSource clock,
    boolean interactive) {
  /** Copies the environment. */
  public Console {
    environment = Map.copyOf(environment);
  }

  /** This process' own. */
  public static Console system() {
    return new Console(
        new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true),
        new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true),
        System.in,
        System.getenv(),
        InstantSource.system(),
        isTerminal());
  }

  private static boolean isTerminal() {
    java.io.Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From Java 22 on there is a console without a terminal too, and a method that tells.
      return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
