package peloton.command.pod;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
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

  private static final int PIECE = 64 * 1024;

  /** Of UTF-8, in bytes. */
  private static final int LONGEST_CHARACTER = 4;

  /** What a decoder makes of a part of a character. */
  private static final String TORN = "\ufffd";

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
    URI uri = uri(sandbox, "download", require(sandbox, filename), "");
    get(
        uri,
        body -> {
          copy(new InputStreamReader(body, StandardCharsets.UTF_8), out);
          return null;
        });
  }

  /**
   * Copies what a file holds beyond {@code offset}; returns the offset to go on from.
   *
   * @param path as the agent names it
   * @param last whether the file will not grow any more
   * @throws CommandException if the agent does not hand it out
   */
  long copyFrom(
      BrowsePodSandboxResponse sandbox, String path, long offset, boolean last, PrintWriter out) {
    // A read with offset -1 tells the size.
    long size = piece(sandbox, path, -1, 0).offset();
    long next = offset;
    while (next < size) {
      int length = (int) Math.min(size - next, PIECE);
      String text = piece(sandbox, path, next, length).data();
      // The last character may be torn: the rest of it comes later.
      for (int less = 1; less < LONGEST_CHARACTER && less < length; less++) {
        if (!text.endsWith(TORN)) {
          break;
        }
        String shorter = piece(sandbox, path, next, length - less).data();
        if (!shorter.endsWith(TORN)) {
          text = shorter;
          length -= less;
        }
      }
      if (!last && text.endsWith(TORN) && length < LONGEST_CHARACTER && next + length == size) {
        break;
      }
      out.print(text);
      out.flush();
      next += length;
    }
    return next;
  }

  /**
   * The path of a file as the agent names it.
   *
   * @throws CommandException if the sandbox has no such file
   */
  static String require(BrowsePodSandboxResponse sandbox, String filename) {
    return find(sandbox.getPathsList(), filename)
        .orElseThrow(
            () ->
                CommandException.refused(
                    "the sandbox holds no file \""
                        + filename
                        + "\", only: "
                        + sandbox.getPathsList().stream()
                            .map(SandboxReader::last)
                            .collect(Collectors.joining(", "))));
  }

  private Piece piece(BrowsePodSandboxResponse sandbox, String path, long offset, int length) {
    URI uri = uri(sandbox, "read", path, "&offset=" + offset + "&length=" + length);
    return get(
        uri,
        body -> {
          JsonObject answer =
              JsonParser.parseReader(new InputStreamReader(body, StandardCharsets.UTF_8))
                  .getAsJsonObject();
          return new Piece(answer.get("offset").getAsLong(), answer.get("data").getAsString());
        });
  }

  private static URI uri(
      BrowsePodSandboxResponse sandbox, String method, String path, String more) {
    return URI.create(
        "http://"
            + sandbox.getHostname()
            + ":"
            + sandbox.getPort()
            + "/files/"
            + method
            + "?path="
            + URLEncoder.encode(path, StandardCharsets.UTF_8).replace("+", "%20")
            + more);
  }

  private <T> T get(URI uri, BodyReader<T> reader) {
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
        return reader.read(body);
      }
    } catch (IOException e) {
      throw CommandException.unreachable("cannot read " + uri + ": " + e.getMessage(), e);
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw CommandException.refused("the agent's answer to " + uri + " makes no sense", e);
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

  /** A part of a file, and where it begins. */
  private record Piece(long offset, String data) {}

  private interface BodyReader<T> {
    T read(InputStream body) throws IOException;
  }
}
