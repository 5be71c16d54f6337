package peloton.command.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What processes hold in memory. */
final class LiveMemory {
  /** The last line of a class histogram: how many objects, and how many bytes. */
  private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private LiveMemory() {}

  /** Bytes of live objects of a JVM, after a collection; empty if the JDK has no jcmd. */
  static OptionalLong heap(long pid) throws InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(jcmd)) {
      return OptionalLong.empty();
    }
    try {
      Process process =
          new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String text = new String(process.getInputStream().readAllBytes());
      process.waitFor();
      return number(TOTAL, text);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** Bytes of memory that a process occupies; empty where the system does not tell. */
  static OptionalLong resident(long pid) {
    try {
      OptionalLong kilobytes =
          number(RESIDENT, Files.readString(Path.of("/proc/" + pid + "/status")));
      return kilobytes.isPresent()
          ? OptionalLong.of(kilobytes.getAsLong() * 1024)
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    long last = -1;
    while (matcher.find()) {
      last = Long.parseLong(matcher.group(1));
    }
    return last < 0 ? OptionalLong.empty() : OptionalLong.of(last);
  }
}
