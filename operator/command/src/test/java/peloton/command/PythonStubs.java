package peloton.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Python with gRPC and with stubs of this API in a folder. It is the machine's own if that has
 * gRPC, else a virtual environment that is made once and kept.
 */
final class PythonStubs {
  private static final Path PROTOS = Path.of("../../api/v1alpha/src/main/proto").toAbsolutePath();
  private static final Path MESOS =
      Path.of("../../api/mesos-protocol/target/mesos/mesos.desc").toAbsolutePath();
  private static final Path SCRIPTS = Path.of("src/test/python").toAbsolutePath();
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(3);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path folder;
  private final Path log;

  PythonStubs(Path folder) {
    this.folder = folder.toAbsolutePath();
    this.log = this.folder.resolve("python.log");
  }

  /** What the commands printed. */
  String log() throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /** A Python that has gRPC; empty if there is none, with the reason in the log. */
  Optional<String> python() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Files.deleteIfExists(log);
    if (hasGrpc("python3")) {
      return Optional.of("python3");
    }
    String own = folder.resolve("venv/bin/python").toString();
    if (Files.exists(Path.of(own)) && hasGrpc(own)) {
      return Optional.of(own);
    }
    boolean made =
        run(INSTALL_LIMIT, "python3", "-m", "venv", "--clear", folder.resolve("venv").toString())
            && run(
                INSTALL_LIMIT,
                own,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--retries=1",
                "--requirement",
                SCRIPTS.resolve("requirements.txt").toString());
    return made && hasGrpc(own) ? Optional.of(own) : Optional.empty();
  }

  /** Makes the stubs anew; returns whether that went well. */
  boolean generate(String python) throws IOException, InterruptedException {
    Path stubs = folder.resolve("stubs");
    Files.createDirectories(stubs);
    List<String> command =
        new ArrayList<>(
            List.of(
                python,
                "-m",
                "grpc_tools.protoc",
                "--descriptor_set_in=" + MESOS,
                "--proto_path=" + PROTOS,
                "--python_out=" + stubs,
                "--grpc_python_out=" + stubs,
                "mesos/v1/mesos.proto"));
    try (Stream<Path> protos = Files.walk(PROTOS)) {
      protos
          .filter(path -> path.toString().endsWith(".proto"))
          .map(path -> PROTOS.relativize(path).toString())
          .sorted()
          .forEach(command::add);
    }
    return run(LIMIT, command.toArray(String[]::new));
  }

  /** Runs a script; returns whether it exited with 0. */
  boolean script(String python, String name, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python, SCRIPTS.resolve(name).toString()));
    command.addAll(List.of(arguments));
    return run(LIMIT, command.toArray(String[]::new));
  }

  private boolean hasGrpc(String python) throws IOException, InterruptedException {
    return run(LIMIT, python, "-c", "import grpc, grpc_tools.protoc");
  }

  private boolean run(Duration limit, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("PYTHONPATH", folder.resolve("stubs").toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      Files.writeString(log, log() + e.getMessage() + System.lineSeparator());
      return false;
    }
    process.getOutputStream().close();
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      Files.writeString(
          log,
          log() + String.join(" ", command) + ": not done after " + limit.toSeconds() + " s\n");
      return false;
    }
    return process.exitValue() == 0;
  }
}
