package peloton.command.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** kubectl as one user of one API server. */
public final class Kubectl {
  private final Path program;
  private final Path config;

  /**
   * @param config the kubeconfig file
   */
  public Kubectl(Path program, Path config) {
    this.program = program;
    this.config = config;
  }

  /**
   * What a run of kubectl left.
   *
   * @param code its exit code
   */
  public record Result(int code, String out, String err) {
    /** Both outputs, for messages. */
    public String all() {
      return out + err;
    }
  }

  /** Runs it and waits for its end. */
  public Result run(String... arguments) {
    return pipe("", arguments);
  }

  /** Runs it with a standard input. */
  public Result pipe(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    try {
      Path err = Files.createTempFile("kubectl", ".err");
      Path in = Files.createTempFile("kubectl", ".in");
      try {
        Files.writeString(in, input);
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectInput(in.toFile()).redirectError(err.toFile());
        builder
            .environment()
            .putAll(
                Map.of(
                    "KUBECONFIG", config.toString(),
                    "KUBECACHEDIR", config.resolveSibling("cache").toString()));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, Files.readString(err));
      } finally {
        Files.delete(err);
        Files.delete(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("kubectl cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while kubectl ran", e);
    }
  }
}
