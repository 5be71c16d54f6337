package peloton.command.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs small programs to their end. */
final class Programs {
  private Programs() {}

  /** Runs a program that must succeed; returns what it printed. */
  static String run(String input, List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
      return output;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
