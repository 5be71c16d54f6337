package peloton.command;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the command inside the test and keeps what it says. */
final class Cli {
  static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

  private final Map<String, String> environment;
  private String input = "";
  private boolean interactive;

  private Cli(Map<String, String> environment) {
    this.environment = environment;
  }

  static Cli with(Map<String, String> environment) {
    return new Cli(environment);
  }

  Cli input(String text) {
    input = text;
    return this;
  }

  /** As on a terminal. */
  Cli interactive() {
    interactive = true;
    return this;
  }

  Result run(String... arguments) {
    return run(List.of(arguments));
  }

  Result run(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            new Console(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                environment,
                () -> NOW,
                interactive),
            new ArrayList<>(arguments).toArray(new String[0]));
    return new Result(code, out.toString(), err.toString());
  }

  record Result(int code, String out, String err) {}
}
