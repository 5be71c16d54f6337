package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.job.stateless.Stateless;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.pod.Pod;
import peloton.api.v1alpha.pod.Pod.PodState;

/** How far a job is, once and live. */
class JobStatusTest extends CommandTest {
  @Test
  void drawsABarAndNamesThePodsThatFail() {
    server
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 5, 1, 4)))
        .on(StatelessSvc.QueryPodsRequest.class, pods(failing(3), waiting(4)));

    Cli.Result result = peloton("job", "status", JOB);

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out().lines())
        .containsExactly(
            "a  UPDATE from 1-1-1 to 2-1-2  ROLLING_FORWARD",
            "[###############xxx>>>---------] 6/10  5 completed, 4 remaining, 1 failed, now 3",
            "pods: 1 FAILED, 9 RUNNING",
            "  instance 3: FAILED, failed 2 times, exited with status 1 (REASON_COMMAND)");
  }

  @ParameterizedTest
  @CsvSource({
    "WORKFLOW_STATE_SUCCEEDED, 0",
    "WORKFLOW_STATE_FAILED, 4",
    "WORKFLOW_STATE_ABORTED, 4",
    "WORKFLOW_STATE_ROLLED_BACK, 4"
  })
  void exitsByTheResult(WorkflowState state, int code) {
    server
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 5, 0, 5)))
        .on(StatelessSvc.GetJobRequest.class, Status.UNAVAILABLE)
        .on(StatelessSvc.GetJobRequest.class, job(rolling(state, 10, 0, 0)));

    Cli.Result result = peloton("job", "status", JOB, "--watch");

    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("ROLLING_FORWARD: 5 completed, 5 remaining"),
            line -> assertThat(line).contains("is away: UNAVAILABLE"),
            line -> assertThat(line).startsWith(state.name().substring(15) + ": 10 completed"));
  }

  @Test
  void saysOnceThatAPodFails() {
    server
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 5, 0, 5)))
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 6, 0, 4)))
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_FAILED, 6, 4, 0)))
        .on(StatelessSvc.QueryPodsRequest.class, pods(failing(3)));

    Cli.Result result = peloton("job", "status", JOB, "-w");

    assertThat(result.out().lines().filter(line -> line.contains("instance 3"))).hasSize(1);
    assertThat(result.err()).contains("the workflow ended as FAILED");
  }

  @Test
  void drawsTheSameLinesAgainOnATerminal() {
    server
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 5, 0, 5)))
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_SUCCEEDED, 10, 0, 0)));

    Cli.Result result = cli().interactive().run("job", "status", JOB, "--watch");

    assertThat(result.code()).isZero();
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSize(7);
    assertThat(lines.get(3)).startsWith("\033[J\033[3A");
    assertThat(lines.get(4)).contains("[" + "#".repeat(30) + "] 10/10");
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThan(100));
  }

  @Test
  void keepsThePictureOnATerminalWhileTheServerIsAway() {
    server
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 5, 0, 5)))
        .on(StatelessSvc.GetJobRequest.class, Status.UNAVAILABLE)
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_SUCCEEDED, 10, 0, 0)));

    Cli.Result result = cli().interactive().run("job", "status", JOB, "--watch");

    assertThat(result.out().split("\033\\[J", -1))
        .satisfiesExactly(
            picture -> assertThat(picture.lines()).hasSize(3),
            picture ->
                assertThat(picture.lines())
                    .hasSize(4)
                    .last()
                    .asString()
                    .contains("is away: UNAVAILABLE"),
            picture -> assertThat(picture).startsWith("\033[4A").doesNotContain("is away"),
            rest -> assertThat(rest).isEmpty());
  }

  @Test
  void streamsJsonToPrograms() {
    server
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 5, 0, 5)))
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_SUCCEEDED, 10, 0, 0)));

    Cli.Result result = peloton("job", "status", JOB, "--watch", "-j");

    assertThat(result.out().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
  }

  @Test
  void givesUpWatchingWhenTheTimeIsOver() {
    server
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_PAUSED, 5, 0, 5)))
        .on(StatelessSvc.ListPodsRequest.class, StatelessSvc.ListPodsResponse.getDefaultInstance());

    Cli.Result result = peloton("job", "status", JOB, "--watch", "--watch-timeout", "10ms");

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err()).contains("not done after");
  }

  @Test
  void aWorkflowThatGoesBackIsStillTheOneThatIsWaitedFor() throws IOException {
    Stateless.JobStatus.Builder back =
        rolling(WorkflowState.WORKFLOW_STATE_ROLLING_BACKWARD, 1, 0, 2);
    back.getWorkflowStatusBuilder().setVersion(version("3-1-2")).setPrevVersion(version("2-1-2"));
    Stateless.JobStatus.Builder done = back.clone();
    done.getWorkflowStatusBuilder().setState(WorkflowState.WORKFLOW_STATE_ROLLED_BACK);
    server
        .on(
            StatelessSvc.ReplaceJobRequest.class,
            StatelessSvc.ReplaceJobResponse.newBuilder().setVersion(version("2-1-2")).build())
        .on(
            StatelessSvc.GetJobRequest.class,
            job(rolling(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 5, 0, 5)))
        .on(StatelessSvc.GetJobRequest.class, job(back))
        .on(StatelessSvc.GetJobRequest.class, job(done));

    Cli.Result result =
        peloton("job", "replace", JOB, file("name: a\nrespoolId: p"), "1-1-1", "--wait");

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err())
        .contains("ROLLING_BACKWARD: 1 completed", "the workflow ended as ROLLED_BACK");
  }

  @Test
  void saysThatThereIsNoSuchJob() {
    server.on(StatelessSvc.GetJobRequest.class, Status.NOT_FOUND);

    assertThat(peloton("job", "status", JOB).code()).isEqualTo(1);
    assertThat(peloton("job", "status", JOB, "--watch").code()).isEqualTo(4);
  }

  private static Stateless.JobStatus.Builder rolling(
      WorkflowState state, int completed, int failed, int remaining) {
    return Stateless.JobStatus.newBuilder()
        .putPodStats("POD_STATE_RUNNING", 9)
        .putPodStats("POD_STATE_FAILED", 1)
        .setWorkflowStatus(
            Stateless.WorkflowStatus.newBuilder()
                .setType(Stateless.WorkflowType.WORKFLOW_TYPE_UPDATE)
                .setState(state)
                .setVersion(version("2-1-2"))
                .setPrevVersion(version("1-1-1"))
                .setNumInstancesCompleted(completed)
                .setNumInstancesFailed(failed)
                .setNumInstancesRemaining(remaining)
                .addAllInstancesCurrent(remaining == 0 ? List.of() : List.of(3)));
  }

  private static StatelessSvc.QueryPodsResponse pods(Pod.PodStatus... pods) {
    StatelessSvc.QueryPodsResponse.Builder response = StatelessSvc.QueryPodsResponse.newBuilder();
    for (Pod.PodStatus pod : pods) {
      response.addPods(Pod.PodInfo.newBuilder().setStatus(pod));
    }
    return response.build();
  }

  private static Pod.PodStatus failing(int instance) {
    return waiting(instance).toBuilder()
        .setState(PodState.POD_STATE_FAILED)
        .setFailureCount(2)
        .setMessage("exited with\nstatus 1")
        .setReason("REASON_COMMAND")
        .build();
  }

  private static Pod.PodStatus waiting(int instance) {
    return Pod.PodStatus.newBuilder()
        .setPodId(Peloton.PodID.newBuilder().setValue(JOB + "-" + instance + "-1"))
        .setState(PodState.POD_STATE_PENDING)
        .build();
  }
}
