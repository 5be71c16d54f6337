package peloton.mesos.local.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The agents' {@code /files} endpoints, for what lies beneath the work directory. */
final class FilesApi {

  /** Mesos reads at most 16 pages at a time. */
  private static final long LARGEST_READ = 16 * 4096;

  private final Path root;
  private final ObjectMapper json = new ObjectMapper();

  FilesApi(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Lists a directory: one object for each file, by path. */
  CompletionStage<Answer> browse(Request request) {
    return answer(
        request,
        path -> {
          var list = JsonNodeFactory.instance.arrayNode();
          if (!Files.isDirectory(path)) {
            return Answer.json(json.writeValueAsString(list));
          }
          String asked = withoutSlash(request.parameter("path").orElseThrow());
          try (var files = Files.list(path)) {
            for (var file : files.sorted().toList()) {
              list.add(describe(asked + "/" + file.getFileName(), file));
            }
          }
          return Answer.json(json.writeValueAsString(list));
        });
  }

  /** Reads a piece of a file; offset -1 asks for its size. */
  CompletionStage<Answer> read(Request request) {
    return answer(
        request,
        path -> {
          var offset = number(request, "offset", -1);
          var length = number(request, "length", -1);
          if (offset.isEmpty() || length.isEmpty()) {
            return Answer.text(
                400, "offset and length must be whole numbers, -1 for none given.\n");
          }
          return Files.isDirectory(path)
              ? Answer.text(400, "Cannot read a directory.\n")
              : piece(path, offset.getAsLong(), length.getAsLong());
        });
  }

  /** The whole file. */
  CompletionStage<Answer> download(Request request) {
    return answer(
        request,
        path -> {
          if (Files.isDirectory(path)) {
            return Answer.text(400, "Cannot download a directory.\n");
          }
          return new Answer.Whole(
              200,
              Map.of("Content-Disposition", "attachment; filename=" + path.getFileName()),
              "application/octet-stream",
              Files.readAllBytes(path));
        });
  }

  private Answer piece(Path path, long offset, long length) throws IOException {
    var result = JsonNodeFactory.instance.objectNode();
    try (var file = FileChannel.open(path)) {
      long size = file.size();
      if (offset == -1 || offset >= size || length == 0) {
        result.put("offset", offset == -1 ? size : offset).put("data", "");
      } else {
        long wanted = length == -1 ? size - offset : length;
        var buffer =
            ByteBuffer.allocate((int) Math.min(Math.min(wanted, LARGEST_READ), size - offset));
        while (buffer.hasRemaining() && file.read(buffer, offset + buffer.position()) > 0) {
          // read on until the piece is full or the file ends
        }
        result
            .put("offset", offset)
            .put("data", new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
      }
    }
    return Answer.json(json.writeValueAsString(result));
  }

  private static OptionalLong number(Request request, String name, long absent) {
    var given = request.parameter(name);
    if (given.isEmpty()) {
      return OptionalLong.of(absent);
    }
    try {
      long value = Long.parseLong(given.get());
      return value < -1 ? OptionalLong.empty() : OptionalLong.of(value);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private CompletionStage<Answer> answer(Request request, Reply reply) {
    return CompletableFuture.completedFuture(answerNow(request, reply));
  }

  private Answer answerNow(Request request, Reply reply) {
    var asked = request.parameter("path");
    if (asked.isEmpty()) {
      return Answer.text(400, "Expecting 'path=value' in query.\n");
    }
    try {
      var path = resolve(asked.get());
      return path.isEmpty() ? Answer.text(404, "") : reply.to(path.get());
    } catch (IOException | InvalidPathException e) {
      return Answer.text(500, "Cannot read '" + asked.get() + "': " + e.getMessage() + "\n");
    }
  }

  /** The file behind a path, links followed; empty when there is none beneath the root. */
  private Optional<Path> resolve(String asked) throws IOException {
    var path = Path.of(asked);
    if (!path.isAbsolute() || !path.normalize().startsWith(root) || !Files.exists(path)) {
      return Optional.empty();
    }
    var real = path.toRealPath();
    return real.startsWith(root.toRealPath()) ? Optional.of(real) : Optional.empty();
  }

  private static ObjectNode describe(String path, Path file) throws IOException {
    var attributes =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    char kind = attributes.isDirectory() ? 'd' : attributes.isSymbolicLink() ? 'l' : '-';
    return JsonNodeFactory.instance
        .objectNode()
        .put("path", path)
        .put("nlink", (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS))
        .put("size", attributes.size())
        .put("mtime", attributes.lastModifiedTime().toMillis() / 1e3)
        .put("mode", kind + PosixFilePermissions.toString(attributes.permissions()))
        .put("uid", attributes.owner().getName())
        .put("gid", attributes.group().getName());
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** What to answer for a file that is there. */
  private interface Reply {
    Answer to(Path path) throws IOException;
  }
}
