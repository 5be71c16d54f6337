package peloton.operator.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.store.Timers;

/**
 * The policy's file, read again when it changes. A file that is wrong then changes nothing: the
 * last good policy stays in force, and the log says what is wrong.
 */
public final class AccessFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AccessFile.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final Path path;
  private final Timers timers;
  private volatile AccessPolicy policy;
  private volatile boolean closed;
  private String content;

  private AccessFile(Path path, Timers timers, String content) {
    this.path = path;
    this.timers = timers;
    this.content = content;
    this.policy = AccessPolicy.parse(content);
  }

  /**
   * Reads the file and follows it.
   *
   * @throws IOException if it cannot be read, or is no policy
   */
  public static AccessFile open(Path path, Timers timers) throws IOException {
    try {
      AccessFile file = new AccessFile(path, timers, Files.readString(path));
      timers.schedule(INTERVAL, file::look);
      return file;
    } catch (IOException e) {
      throw new IOException("access.file: " + path + " cannot be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new IOException("access.file: " + path + ": " + e.getMessage(), e);
    }
  }

  AccessPolicy policy() {
    return policy;
  }

  private void look() {
    if (closed) {
      return;
    }
    try {
      String now = Files.readString(path);
      if (!now.equals(content)) {
        content = now;
        policy = AccessPolicy.parse(now);
        log.info("{} has changed and is in force", path);
      }
    } catch (IOException | IllegalArgumentException e) {
      log.error("{} is wrong; what it said before stays in force: {}", path, e.getMessage());
    }
    timers.schedule(INTERVAL, this::look);
  }

  @Override
  public void close() {
    closed = true;
  }
}
