package peloton.mesos.local.process;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.mesos.v1.Protos.CheckInfo;
import org.apache.mesos.v1.Protos.CheckStatusInfo;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import peloton.mesos.local.agent.ExitStatus;

/** Single checks of a process; each blocks for its timeout at most. */
final class Probes {

  /** What a check without a limit gets, so that no thread waits for ever. */
  private static final double LONGEST_SECONDS = 600;

  private final Sandbox sandbox;
  private final Map<String, String> environment;

  /**
   * @param sandbox where commands run
   * @param environment the task's own, for commands
   */
  Probes(Sandbox sandbox, Map<String, String> environment) {
    this.sandbox = sandbox;
    this.environment = environment;
  }

  /** Looks once at the health: what is wrong, or empty when nothing is. */
  Optional<String> health(HealthCheck check) {
    int millis = millis(check.getTimeoutSeconds());
    try {
      if (check.hasCommand() && !check.hasHttp() && !check.hasTcp()) {
        var exit = command(check.getCommand(), millis);
        if (exit.isEmpty()) {
          return Optional.of("The command did not end within " + millis + " ms");
        }
        return exit.filter(status -> !status.succeeded()).map(ExitStatus::describe);
      }
      if (check.hasTcp()) {
        tcp(check.getTcp().getPort(), millis);
        return Optional.empty();
      }
      var uri = uri(check.getHttp().getPort(), check.getHttp().getPath());
      int status = http(uri, millis);
      return status >= 200 && status < 400
          ? Optional.empty()
          : Optional.of("GET " + uri + " was answered with " + status);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("The check was interrupted");
    }
  }

  /** Does a check once; without a value when it came to no end in time. */
  CheckStatusInfo check(CheckInfo check) {
    int millis = millis(check.getTimeoutSeconds());
    var status = CheckStatusInfo.newBuilder().setType(check.getType());
    try {
      switch (check.getType()) {
        case COMMAND -> {
          var result = status.getCommandBuilder();
          command(check.getCommand().getCommand(), millis)
              .ifPresent(
                  exit -> result.setExitCode(exit.signalled() ? 128 + exit.value() : exit.value()));
        }
        case HTTP -> {
          var result = status.getHttpBuilder();
          result.setStatusCode(
              http(uri(check.getHttp().getPort(), check.getHttp().getPath()), millis));
        }
        case TCP -> {
          var result = status.getTcpBuilder().setSucceeded(false);
          tcp(check.getTcp().getPort(), millis);
          result.setSucceeded(true);
        }
        default -> {
          // The master lets no check without a type pass.
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      return status.build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return status.build();
  }

  private static int millis(double seconds) {
    double limit = seconds == 0 ? LONGEST_SECONDS : Math.min(seconds, LONGEST_SECONDS);
    return (int) Math.max(1, limit * 1000);
  }

  /** Runs a command; empty when it did not end in time. */
  private Optional<ExitStatus> command(CommandInfo command, int millis)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(TaskCommand.line(command));
    builder.directory(sandbox.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    TaskCommand.addVariables(command, builder.environment());
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    var process = builder.start();
    var group = new ProcessGroup(process.pid());
    boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
    group.kill();
    return ended ? Optional.of(ExitStatus.ofJava(process.exitValue())) : Optional.empty();
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static int http(URI uri, int millis) throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    try {
      connection.setConnectTimeout(millis);
      connection.setReadTimeout(millis);
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }

  private static void tcp(int port, int millis) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), millis);
    }
  }
}
