package peloton.command.pod;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxResponse;
import peloton.command.CommandException;

/** Reads a file of a pod's sandbox from the Mesos agent that holds it. */
final class SandboxReader {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration HEADER_LIMIT = Duration.ofSeconds(20);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();

  /**
   * Copies one file to {@code out}.
   *
   * @param filename as in the sandbox, e.g. {@code stdout}
   * @throws CommandException if the sandbox has no such file, or the agent does not hand it out
   */
  void copy(BrowsePodSandboxResponse sandbox, String filename, PrintWriter out) {
    String path =
        find(sandbox.getPathsList(), filename)
            .orElseThrow(
                () ->
                    CommandException.refused(
                        "the sandbox holds no file \""
                            + filename
                            + "\", only: "
                            + sandbox.getPathsList().stream()
                                .map(SandboxReader::last)
                                .collect(Collectors.joining(", "))));
    URI uri =
        URI.create(
            "http://"
                + sandbox.getHostname()
                + ":"
                + sandbox.getPort()
                + "/files/download?path="
                + URLEncoder.encode(path, StandardCharsets.UTF_8).replace("+", "%20"));
    try {
      HttpResponse<InputStream> response =
          http.send(
              HttpRequest.newBuilder(uri).timeout(HEADER_LIMIT).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw CommandException.refused(
              "the agent answered " + response.statusCode() + " to " + uri);
        }
        copy(new InputStreamReader(body, StandardCharsets.UTF_8), out);
      }
    } catch (IOException e) {
      throw CommandException.unreachable("cannot read " + uri + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.unreachable("interrupted while reading " + uri, e);
    }
  }

  static Optional<String> find(List<String> paths, String filename) {
    return paths.stream()
        .filter(path -> path.equals(filename) || path.endsWith("/" + filename))
        .findFirst();
  }

  private static void copy(Reader from, PrintWriter out) throws IOException {
    char[] buffer = new char[8192];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      out.write(buffer, 0, n);
    }
    out.flush();
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
