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
import org.apache.mesos.v1.Protos.HealthCheck;
import peloton.mesos.local.agent.ExitStatus;

/** Single health checks of a process; each blocks for its timeout at most. */
final class Probes {

  /** What a check without a limit gets, so that no thread waits for ever. */
  private static final double LONGEST_SECONDS = 600;

  private Probes() {}

  /**
   * Checks once.
   *
   * @param sandbox where a command runs
   * @param environment the task's own, for a command
   * @return what is wrong; empty when the task is healthy
   */
  static Optional<String> check(
      HealthCheck check, Sandbox sandbox, Map<String, String> environment) {
    double limit = check.getTimeoutSeconds() == 0 ? LONGEST_SECONDS : check.getTimeoutSeconds();
    int millis = (int) Math.max(1, Math.min(limit, LONGEST_SECONDS) * 1000);
    try {
      if (check.hasCommand() && !check.hasHttp() && !check.hasTcp()) {
        return command(check, sandbox, environment, millis);
      }
      return check.hasTcp() ? tcp(check.getTcp().getPort(), millis) : http(check, millis);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("The check was interrupted");
    }
  }

  private static Optional<String> command(
      HealthCheck check, Sandbox sandbox, Map<String, String> environment, int millis)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(TaskCommand.line(check.getCommand()));
    builder.directory(sandbox.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    for (var variable : check.getCommand().getEnvironment().getVariablesList()) {
      builder.environment().put(variable.getName(), variable.getValue());
    }
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    var process = builder.start();
    var group = new ProcessGroup(process.pid());
    boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
    group.kill();
    if (!ended) {
      return Optional.of("The command did not end within " + millis + " ms");
    }
    var exit = ExitStatus.ofJava(process.exitValue());
    return exit.succeeded() ? Optional.empty() : Optional.of(exit.describe());
  }

  private static Optional<String> http(HealthCheck check, int millis) throws IOException {
    var http = check.getHttp();
    var uri = URI.create("http://127.0.0.1:" + http.getPort() + http.getPath());
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    try {
      connection.setConnectTimeout(millis);
      connection.setReadTimeout(millis);
      int status = connection.getResponseCode();
      return status >= 200 && status < 400
          ? Optional.empty()
          : Optional.of("GET " + uri + " was answered with " + status);
    } finally {
      connection.disconnect();
    }
  }

  private static Optional<String> tcp(int port, int millis) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), millis);
      return Optional.empty();
    }
  }
}
