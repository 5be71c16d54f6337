package peloton.command.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;

/** How long the disk takes to make a small write durable, as etcd's log asks it to. */
final class DiskProbe {
  private static final int WRITES = 400;
  private static final int BYTES = 2300;

  private DiskProbe() {}

  /**
   * Appends and syncs, at most 400 times.
   *
   * @return nanoseconds of each sync
   */
  static Percentiles measure(Path directory, Duration limit) {
    Path file = directory.resolve("disk-probe");
    long deadline = System.nanoTime() + limit.toNanos();
    long[] times = new long[WRITES];
    int count = 0;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocate(BYTES);
      while (count < WRITES && (count == 0 || System.nanoTime() - deadline < 0)) {
        block.clear();
        channel.write(block);
        long begun = System.nanoTime();
        channel.force(false);
        times[count++] = System.nanoTime() - begun;
      }
    } catch (IOException e) {
      throw new BenchFailure("the disk below " + directory + " cannot be probed: " + e, e);
    }
    delete(file);
    return new Percentiles(Arrays.copyOf(times, count));
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new BenchFailure(file + " cannot be deleted: " + e, e);
    }
  }

  /**
   * Fails for a folder that is kept in memory: etcd's syncs would cost nothing there.
   *
   * @throws BenchFailure that says what to do
   */
  static void requireDisk(Path directory) {
    try {
      String type = Files.getFileStore(directory).type();
      if (type.equals("tmpfs") || type.equals("ramfs")) {
        throw new BenchFailure(
            directory + " is kept in memory (" + type + "): name a folder on a disk with --dir");
      }
    } catch (IOException e) {
      throw new BenchFailure("the file system of " + directory + " is not known: " + e, e);
    }
  }
}
