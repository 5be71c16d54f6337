package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.api.v1alpha.job.stateless.Stateless;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowType;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.pod.Pod;
import peloton.api.v1alpha.query.Query;
import peloton.api.v1alpha.query.Query.OrderBy.Order;
import peloton.api.v1alpha.respool.RespoolSvc;

/** The commands that change and find jobs. */
class JobCommandsTest extends CommandTest {
  @BeforeEach
  void thereIsAPool() {
    server.on(
        RespoolSvc.LookupResourcePoolIDRequest.class,
        RespoolSvc.LookupResourcePoolIDResponse.newBuilder()
            .setRespoolId(Peloton.ResourcePoolID.newBuilder().setValue("p1"))
            .build());
  }

  @Test
  void restartsRangesOfAJob() {
    server
        .on(StatelessSvc.GetJobRequest.class, atVersion("1-1-1"))
        .on(
            StatelessSvc.RestartJobRequest.class,
            StatelessSvc.RestartJobResponse.newBuilder().setVersion(version("2-1-2")).build());

    Cli.Result result =
        peloton(
            "job",
            "restart",
            JOB,
            "-r",
            "0:3",
            "-r",
            "5:",
            "-b",
            "2",
            "--in-place",
            "--opaque-data",
            "why");

    assertThat(result)
        .isEqualTo(new Cli.Result(0, "Job restarted. New EntityVersion: 2-1-2" + NL, ""));
    StatelessSvc.RestartJobRequest request =
        server.requests(StatelessSvc.RestartJobRequest.class).get(0);
    assertThat(request.getVersion().getValue()).isEqualTo("1-1-1");
    assertThat(request.getOpaqueData().getData()).isEqualTo("why");
    assertThat(request.getRestartSpec())
        .isEqualTo(
            Stateless.RestartSpec.newBuilder()
                .setBatchSize(2)
                .setInPlace(true)
                .addRanges(range(0, 3))
                .addRanges(range(5, Integer.MAX_VALUE))
                .build());
  }

  @ParameterizedTest
  @CsvSource({"pause, Workflow paused", "resume, Workflow resumed", "abort, Workflow aborted"})
  void commandsAWorkflowInBothForms(String verb, String said) {
    server
        .on(StatelessSvc.GetJobRequest.class, atVersion("2-1-2"))
        .on(
            StatelessSvc.PauseJobWorkflowRequest.class,
            StatelessSvc.PauseJobWorkflowResponse.newBuilder().setVersion(version("2-1-3")).build())
        .on(
            StatelessSvc.ResumeJobWorkflowRequest.class,
            StatelessSvc.ResumeJobWorkflowResponse.newBuilder()
                .setVersion(version("2-1-3"))
                .build())
        .on(
            StatelessSvc.AbortJobWorkflowRequest.class,
            StatelessSvc.AbortJobWorkflowResponse.newBuilder()
                .setVersion(version("2-1-3"))
                .build());

    Cli.Result friendly = peloton("job", verb, JOB);
    Cli.Result theirs = peloton("job", "stateless", "workflow", verb, JOB, "2-1-2");

    assertThat(friendly)
        .isEqualTo(new Cli.Result(0, said + ". New EntityVersion: 2-1-3" + NL, ""))
        .isEqualTo(theirs);
  }

  @Test
  void leavesTheOpaqueDataOfAWorkflowUnlessItIsGiven() {
    server.on(
        StatelessSvc.PauseJobWorkflowRequest.class,
        StatelessSvc.PauseJobWorkflowResponse.getDefaultInstance());

    peloton("job", "pause", JOB, "1-1-1");
    peloton("job", "pause", JOB, "1-1-1", "--opaque-data", "");

    assertThat(server.requests(StatelessSvc.PauseJobWorkflowRequest.class))
        .extracting(StatelessSvc.PauseJobWorkflowRequest::hasOpaqueData)
        .containsExactly(false, true);
  }

  @Test
  void rollsBackByReplacingWithTheEarlierSpec() {
    server
        .on(
            StatelessSvc.GetJobRequest.class,
            StatelessSvc.GetJobResponse.newBuilder()
                .setJobInfo(
                    Stateless.JobInfo.newBuilder()
                        .setSpec(
                            Stateless.JobSpec.newBuilder()
                                .setName("old")
                                .setRevision(Peloton.Revision.newBuilder().setVersion(1))))
                .build())
        .on(StatelessSvc.GetJobRequest.class, atVersion("3-1-3"))
        .on(
            StatelessSvc.ReplaceJobRequest.class,
            StatelessSvc.ReplaceJobResponse.newBuilder().setVersion(version("4-1-4")).build());

    Cli.Result result = peloton("job", "stateless", "rollback", JOB, "2", "1-1-1");

    assertThat(result).isEqualTo(new Cli.Result(0, "New EntityVersion: 4-1-4" + NL, ""));
    assertThat(server.requests(StatelessSvc.GetJobRequest.class).get(0).getVersion())
        .isEqualTo(version("1-1-1"));
    StatelessSvc.ReplaceJobRequest request =
        server.requests(StatelessSvc.ReplaceJobRequest.class).get(0);
    assertThat(request.getVersion()).isEqualTo(version("3-1-3"));
    assertThat(request.getSpec()).isEqualTo(Stateless.JobSpec.newBuilder().setName("old").build());
    assertThat(request.getUpdateSpec().getBatchSize()).isEqualTo(2);
  }

  @Test
  void patchesWhatTheFileNames() throws IOException {
    server
        .on(StatelessSvc.GetJobRequest.class, atVersion("1-1-1"))
        .on(
            StatelessSvc.PatchJobRequest.class,
            StatelessSvc.PatchJobResponse.newBuilder().setVersion(version("2-1-2")).build());

    Cli.Result result = peloton("job", "patch", JOB, file("instanceCount: 7"), "-b", "1");

    assertThat(result).isEqualTo(new Cli.Result(0, "New EntityVersion: 2-1-2" + NL, ""));
    StatelessSvc.PatchJobRequest request =
        server.requests(StatelessSvc.PatchJobRequest.class).get(0);
    assertThat(request.getSpec())
        .isEqualTo(Stateless.JobSpec.newBuilder().setInstanceCount(7).build());
    assertThat(request.getUpdateSpec().getBatchSize()).isEqualTo(1);
    assertThat(request.getVersion()).isEqualTo(version("1-1-1"));
  }

  @Test
  void saysWhichInstancesAReplaceWouldTouch() throws IOException {
    server.on(
        StatelessSvc.GetReplaceJobDiffRequest.class,
        StatelessSvc.GetReplaceJobDiffResponse.newBuilder()
            .addInstancesAdded(range(3, 5))
            .addInstancesUpdated(range(0, 1))
            .addInstancesUpdated(range(2, 3))
            .addInstancesUnchanged(range(1, 2))
            .build());

    Cli.Result result =
        peloton("job", "stateless", "replace-diff", JOB, file("name: a"), "/x", "1-1-1");

    assertThat(result.out().lines())
        .containsExactly(
            "added:     2 (3-4)", "removed:   0", "updated:   2 (0, 2)", "unchanged: 1 (1)");
    StatelessSvc.GetReplaceJobDiffRequest request =
        server.requests(StatelessSvc.GetReplaceJobDiffRequest.class).get(0);
    assertThat(request.getSpec().getRespoolId().getValue()).isEqualTo("p1");
    assertThat(peloton("job", "diff", JOB, file("name: a\nrespool: /x"), "1-1-1").out())
        .isEqualTo(result.out());
  }

  @Test
  void listsWorkflows() {
    server.on(
        StatelessSvc.ListJobWorkflowsRequest.class,
        StatelessSvc.ListJobWorkflowsResponse.newBuilder()
            .addWorkflowInfos(
                Stateless.WorkflowInfo.newBuilder()
                    .setStatus(
                        Stateless.WorkflowStatus.newBuilder()
                            .setType(WorkflowType.WORKFLOW_TYPE_UPDATE)
                            .setState(WorkflowState.WORKFLOW_STATE_SUCCEEDED)
                            .setVersion(version("2-1-2"))
                            .setPrevVersion(version("1-1-2"))
                            .setNumInstancesCompleted(2)
                            .setCreationTime("2026-01-01T00:00:00.5Z"))
                    .setOpaqueData(Peloton.OpaqueData.newBuilder().setData("why"))
                    .addInstancesUpdated(range(0, 2)))
            .build());

    Cli.Result result = peloton("job", "stateless", "list-updates", JOB, "--limit", "3");

    assertThat(cells(result.out().lines().toList().get(1)))
        .containsExactly(
            "2-1-2",
            "1-1-2",
            "UPDATE",
            "SUCCEEDED",
            "2",
            "0",
            "0",
            "",
            "0-1",
            "",
            "2026-01-01T00:00:00Z",
            "",
            "why");
    assertThat(server.requests(StatelessSvc.ListJobWorkflowsRequest.class).get(0).getUpdatesLimit())
        .isEqualTo(3);
  }

  @Test
  void showsTheEventsOfAWorkflow() {
    server.on(
        StatelessSvc.GetWorkflowEventsRequest.class,
        StatelessSvc.GetWorkflowEventsResponse.newBuilder()
            .addEvents(
                Stateless.WorkflowEvent.newBuilder()
                    .setType(WorkflowType.WORKFLOW_TYPE_RESTART)
                    .setState(WorkflowState.WORKFLOW_STATE_SUCCEEDED)
                    .setTimestamp("2026-01-01T00:00:00Z"))
            .build());

    Cli.Result result = peloton("job", "stateless", "workflow", "events", JOB, "4");

    assertThat(cells(result.out().lines().toList().get(0)))
        .containsExactly("Workflow State", "Workflow Type", "Timestamp");
    assertThat(cells(result.out().lines().toList().get(1)))
        .containsExactly("SUCCEEDED", "RESTART", "2026-01-01T00:00:00Z");
    assertThat(server.requests(StatelessSvc.GetWorkflowEventsRequest.class).get(0).getInstanceId())
        .isEqualTo(4);
  }

  @Test
  void queriesByEveryCondition() {
    server.on(
        StatelessSvc.QueryJobsRequest.class,
        StatelessSvc.QueryJobsResponse.newBuilder()
            .addRecords(atVersion("1-1-1").getSummary())
            .setPagination(Query.Pagination.newBuilder().setOffset(2).setTotal(42))
            .build());

    Cli.Result result =
        peloton(
            "job",
            "stateless",
            "query",
            "-l",
            "k=v,x=y",
            "-r",
            "/x",
            "-k",
            "web,blue",
            "-s",
            "running,JOB_STATE_KILLED",
            "--owner",
            "me",
            "--name",
            "part",
            "-d",
            "7",
            "-n",
            "5",
            "-q",
            "50",
            "-o",
            "2",
            "-p",
            "name,state",
            "-a",
            "ASC");

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains(JOB).endsWith("Results 3 to 3 of 42" + NL);
    Stateless.QuerySpec query =
        server.requests(StatelessSvc.QueryJobsRequest.class).get(0).getSpec();
    assertThat(query.getLabelsList())
        .extracting(label -> label.getKey() + label.getValue())
        .containsExactlyInAnyOrder("kv", "xy");
    assertThat(query.getRespool().getValue()).isEqualTo("/x");
    assertThat(query.getKeywordsList()).containsExactly("web", "blue");
    assertThat(query.getJobStatesList())
        .containsExactly(JobState.JOB_STATE_RUNNING, JobState.JOB_STATE_KILLED);
    assertThat(query.getOwner()).isEqualTo("me");
    assertThat(query.getName()).isEqualTo("part");
    assertThat(query.getCreationTimeRange().getMin().getSeconds())
        .isEqualTo(Cli.NOW.getEpochSecond() - 7 * 86_400);
    assertThat(query.getCreationTimeRange().getMax().getSeconds())
        .isGreaterThan(Cli.NOW.getEpochSecond());
    assertThat(query.getPagination().getLimit()).isEqualTo(5);
    assertThat(query.getPagination().getOffset()).isEqualTo(2);
    assertThat(query.getPagination().getMaxLimit()).isEqualTo(50);
    assertThat(query.getPagination().getOrderByList())
        .extracting(key -> key.getProperty().getValue() + " " + key.getOrder())
        .containsExactly("name ORDER_BY_ASC", "state ORDER_BY_ASC");
  }

  @Test
  void queriesTheNewestFirst() {
    server.on(
        StatelessSvc.QueryJobsRequest.class, StatelessSvc.QueryJobsResponse.getDefaultInstance());

    Cli.Result table = peloton("job", "query");
    Cli.Result json = peloton("job", "query", "-o", "json");

    assertThat(table.out()).isEqualTo("No results found" + NL);
    assertThat(json.out()).contains("\"records\": []");
    Stateless.QuerySpec query =
        server.requests(StatelessSvc.QueryJobsRequest.class).get(0).getSpec();
    assertThat(query.hasCreationTimeRange()).isFalse();
    assertThat(query.getPagination().getOrderBy(0).getProperty().getValue())
        .isEqualTo("creation_time");
    assertThat(query.getPagination().getOrderBy(0).getOrder()).isEqualTo(Order.ORDER_BY_DESC);
  }

  @Test
  void givesTheLettersOfPelotonsCommandTheirMeaningThere() throws IOException {
    server
        .on(StatelessSvc.GetJobRequest.class, atVersion("1-1-1"))
        .on(
            StatelessSvc.ReplaceJobRequest.class,
            StatelessSvc.ReplaceJobResponse.newBuilder().setVersion(version("2-1-2")).build());

    Cli.Result result =
        peloton("job", "stateless", "replace", JOB, file("name: a"), "0", "/x", "-o", "-j");

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("\"value\": \"2-1-2\"");
    assertThat(peloton("job", "stateless", "replace", "--help").out())
        .contains("-o, --override", "    --output=FORMAT")
        .doesNotContain("-o, -o");
  }

  @Test
  void refreshesAJobAndShowsWhatIsInMemory() {
    server
        .on(
            StatelessSvc.RefreshJobRequest.class,
            StatelessSvc.RefreshJobResponse.getDefaultInstance())
        .on(
            StatelessSvc.GetJobCacheRequest.class,
            StatelessSvc.GetJobCacheResponse.newBuilder()
                .setSpec(Stateless.JobSpec.newBuilder().setInstanceCount(3))
                .build());

    assertThat(peloton("job", "refresh", JOB).out()).isEqualTo("Job refreshed" + NL);
    assertThat(peloton("job", "stateless", "cache", JOB).out())
        .startsWith("spec:")
        .contains("  instance_count: 3");
    assertThat(peloton("job", "cache", JOB, "-j").out()).startsWith("{");
  }

  @Test
  void showsAJobAsYamlInPelotonsForm() {
    server.on(StatelessSvc.GetJobRequest.class, atVersion("1-1-1"));

    assertThat(peloton("job", "stateless", "get", JOB).out()).contains("summary:", "  name: a");
  }

  @Test
  void createsASecretAsBase64() throws IOException {
    server.on(
        StatelessSvc.CreateJobRequest.class,
        StatelessSvc.CreateJobResponse.newBuilder().setVersion(version("1-1-1")).build());

    peloton("job", "create", file("name: a"), "--secret-path", "/s", "--secret-file", file("hush"));

    Peloton.Secret secret =
        server.requests(StatelessSvc.CreateJobRequest.class).get(0).getSecrets(0);
    assertThat(secret.getPath()).isEqualTo("/s");
    assertThat(Base64.getDecoder().decode(secret.getValue().getData().toByteArray()))
        .asString()
        .isEqualTo("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job restart " + JOB + " -r 3:3",
        "job restart " + JOB + " -b -1",
        "job query --states asleep",
        "job query -n -1",
        "job query -d -1",
        "job stateless query -o json",
        "job workflow events " + JOB + " x",
        "job list-updates " + JOB + " --limit -1",
        "job rollback " + JOB,
        "job rollback " + JOB + " two",
        "job create spec.yaml --secret-data x",
      })
  void exitsWith2OnABadCommandLine(String line) {
    Cli.Result result = peloton(line.split(" "));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("peloton: ");
  }

  @Test
  void namesTheStatesThatThereAre() {
    assertThat(peloton("job", "query", "--states", "asleep").err())
        .contains("state \"asleep\" does not exist; there are INITIALIZED, PENDING, RUNNING");
  }

  @ParameterizedTest
  @CsvSource({"-m, JOBMGR_URL", "--jobmgr, JOBMGR_URL", "-v, RESMGR_URL", "--hostmgr, HOSTMGR_URL"})
  void takesAddressesAsPelotonsCommandDoes(String flag, String variable) {
    server.on(StatelessSvc.RefreshJobRequest.class, Status.NOT_FOUND);

    List<Cli.Result> results =
        List.of(
            Cli.with(java.util.Map.of()).run(flag, server.address(), "job", "refresh", JOB),
            Cli.with(java.util.Map.of(variable, server.address())).run("job", "refresh", JOB));

    assertThat(results).extracting(Cli.Result::code).containsExactly(1, 1);
  }

  private static Pod.InstanceIDRange range(int from, int to) {
    return Pod.InstanceIDRange.newBuilder().setFrom(from).setTo(to).build();
  }
}
