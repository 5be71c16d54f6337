package peloton.command.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peloton.api.ids.PodId;

class TaskCensusTest {
  private static final String POD = "7e0eb9cd-ee91-4123-82be-7042f6f833ee-0-1";

  @TempDir private Path proc;
  private final Path workDir = Path.of("/var/lib/mesos");
  private TaskCensus census;

  @BeforeEach
  void takeCensus() {
    census = new TaskCensus(proc, workDir);
  }

  @Test
  void countsATaskByItsFirstProcess() throws IOException {
    process(10, 1, POD, workDir + "/a/latest");
    process(11, 10, POD, workDir + "/a/latest");

    assertThat(census.take())
        .containsExactly(new LiveTask(PodId.parse(POD), 10, workDir.resolve("a/latest")));
  }

  @Test
  void countsWhatATaskLeftBehindAsTheTask() throws IOException {
    process(11, 1, POD, workDir + "/a/latest");

    assertThat(census.take()).extracting(LiveTask::pid).containsExactly(11L);
  }

  @Test
  void leavesOutWhatIsNotOfThisMesos() throws IOException {
    process(10, 1, POD, "/elsewhere/a");
    process(11, 1, "no-pod", workDir + "/a");
    Files.createDirectories(proc.resolve("12"));
    Files.createDirectories(proc.resolve("sys"));

    assertThat(census.take()).isEmpty();
  }

  @Test
  void isImpossibleWithoutProc() {
    assertThat(census.isPossible()).isFalse();
  }

  private void process(int pid, int parent, String pod, String sandbox) throws IOException {
    Path folder = Files.createDirectories(proc.resolve(Integer.toString(pid)));
    Files.writeString(
        folder.resolve("environ"),
        "HOME=/root\0MESOS_TASK_ID=" + pod + "\0MESOS_SANDBOX=" + sandbox + "\0");
    Files.writeString(folder.resolve("stat"), pid + " (a ) name) S " + parent + " 1 1");
  }
}
