package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void theDemoTellsItsStoryToTheEnd() {
    Cli.Result result = Cli.with(Map.of()).run("demo", "--dir", folder.resolve("demo").toString());

    assertThat(result.code()).as("%s%n%s", result.out(), result.err()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsSubsequence(
            "Job ",
            "created. Entity Version: 1-1-1",
            "run 1  version 1-0-0  RUNNING",
            "The workflow has SUCCEEDED.",
            "New EntityVersion: 2-1-2",
            "kill -9 ",
            "The operator is started again",
            "run 2  version 2-0-0  RUNNING",
            "The workflow has SUCCEEDED.",
            "no pod was there twice, and never were fewer than",
            "The job is stopped",
            "No process of the job is left.",
            "The demo is over after");
  }

  @Test
  void theDemoGivesUpInTimeAndSaysWhereTheLogsAre() {
    Cli.Result result =
        Cli.with(Map.of())
            .run("demo", "--dir", folder.resolve("demo").toString(), "--time-limit", "1ms");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("The demo failed while", "Logs are in " + folder.resolve("demo/logs"));
  }
}
