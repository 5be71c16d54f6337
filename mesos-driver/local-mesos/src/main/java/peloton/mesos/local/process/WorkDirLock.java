package peloton.mesos.local.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Says that a work directory is in use, as long as its holder lives. Without it a second local
 * Mesos would take the tasks of the first for leftovers and kill them.
 */
final class WorkDirLock implements AutoCloseable {

  private final FileChannel channel;

  private WorkDirLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws IOException when another one holds it, or the directory cannot be used
   */
  static WorkDirLock take(Path workDir) throws IOException {
    Files.createDirectories(workDir);
    var channel =
        FileChannel.open(
            workDir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
    }
    if (lock == null) {
      channel.close();
      throw new IOException("another local Mesos is using it; give each one its own");
    }
    return new WorkDirLock(channel);
  }

  /** Closing the file gives up the lock. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
