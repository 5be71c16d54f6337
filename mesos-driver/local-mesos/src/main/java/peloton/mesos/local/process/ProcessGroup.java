package peloton.mesos.local.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process group, by the pid of its first process. */
record ProcessGroup(long id) {

  private static final Logger log = LoggerFactory.getLogger(ProcessGroup.class);

  void terminate() {
    signal("TERM");
  }

  void kill() {
    signal("KILL");
  }

  /** Signals all of its processes; a group that is no more is left alone. */
  private void signal(String name) {
    try {
      var kill =
          new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " -- -" + id)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!kill.waitFor(10, TimeUnit.SECONDS)) {
        kill.destroyForcibly();
      }
    } catch (IOException e) {
      log.warn("Process group {} cannot be sent SIG{}: {}", id, name, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
