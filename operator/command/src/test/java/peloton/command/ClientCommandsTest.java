package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.JobStatus;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowStatus;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobIDFromJobNameRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobIDFromJobNameResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobResponse;
import peloton.api.v1alpha.peloton.Peloton.EntityVersion;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.peloton.Peloton.PodName;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.pod.Pod.ContainerStatus;
import peloton.api.v1alpha.pod.Pod.PodEvent;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodStatus;
import peloton.api.v1alpha.pod.Pod.PodSummary;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodEventsRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodEventsResponse;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolResponse;
import peloton.api.v1alpha.respool.RespoolSvc.LookupResourcePoolIDRequest;
import peloton.api.v1alpha.respool.RespoolSvc.LookupResourcePoolIDResponse;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;

class ClientCommandsTest {
  private static final String JOB = "7e0eb9cd-ee91-4123-82be-7042f6f833ee";
  private static final String OTHER = "89369f1b-2c5b-435a-b0d3-cc73218b2b8e";
  private static final String NL = System.lineSeparator();

  @TempDir private Path folder;
  private FakePeloton server;

  @BeforeEach
  void startServer() throws IOException {
    server = new FakePeloton();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void createsAJobInThePoolThatTheFileNames() throws IOException {
    server
        .on(LookupResourcePoolIDRequest.class, pool("p1"))
        .on(CreateJobRequest.class, created("1-1-1"));

    Cli.Result result =
        peloton("job", "create", file("name: a\nrespool: /x\ninstanceCount: 3"), "-b", "2");

    assertThat(result)
        .isEqualTo(new Cli.Result(0, "Job " + JOB + " created. Entity Version: 1-1-1" + NL, ""));
    CreateJobRequest request = server.requests(CreateJobRequest.class).get(0);
    assertThat(request.getSpec())
        .isEqualTo(
            JobSpec.newBuilder()
                .setName("a")
                .setInstanceCount(3)
                .setRespoolId(ResourcePoolID.newBuilder().setValue("p1"))
                .build());
    assertThat(request.getCreateSpec().getBatchSize()).isEqualTo(2);
    assertThat(server.requests(LookupResourcePoolIDRequest.class).get(0).getPath().getValue())
        .isEqualTo("/x");
  }

  @Test
  void createsAJobWithArgumentsInPelotonsOrder() throws IOException {
    server
        .on(LookupResourcePoolIDRequest.class, pool("p1"))
        .on(CreateJobRequest.class, created("1-1-1"));

    Cli.Result result =
        peloton(
            "job",
            "stateless",
            "create",
            "/x",
            file("name: a"),
            "5",
            "--maxInstanceRetries",
            "3",
            "-i",
            JOB);

    assertThat(result.code()).isZero();
    CreateJobRequest request = server.requests(CreateJobRequest.class).get(0);
    assertThat(request.getJobId().getValue()).isEqualTo(JOB);
    assertThat(request.getCreateSpec().getBatchSize()).isEqualTo(5);
    assertThat(request.getCreateSpec().getMaxInstanceRetries()).isEqualTo(3);
  }

  @Test
  void readsTheSpecFromStandardInput() {
    server.on(CreateJobRequest.class, created("1-1-1"));

    Cli.Result result =
        Cli.with(environment())
            .input("name: piped\nrespoolId: p\n")
            .run("job", "create", "-", "-o", "json");

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("\"value\": \"1-1-1\"");
    assertThat(server.requests(CreateJobRequest.class).get(0).getSpec().getName())
        .isEqualTo("piped");
  }

  @Test
  void sendsNothingWhenTheSpecCannotBeRead() throws IOException {
    Cli.Result result = peloton("job", "create", file("nam: a"));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains(":1:1: nam: unknown field; did you mean name?");
    assertThat(server.requests(CreateJobRequest.class)).isEmpty();
  }

  @Test
  void passesOnWhatTheServerRefuses() throws IOException {
    server.on(
        CreateJobRequest.class,
        Status.INVALID_ARGUMENT.withDescription("instance_count: 200000 is above 100000"));

    Cli.Result result = peloton("job", "create", file("name: a"));

    assertThat(result)
        .isEqualTo(
            new Cli.Result(
                1, "", "peloton: INVALID_ARGUMENT: instance_count: 200000 is above 100000" + NL));
  }

  @Test
  void saysSoWhenThereIsNoSuchPool() throws IOException {
    server.on(
        LookupResourcePoolIDRequest.class, Status.NOT_FOUND.withDescription("no pool at /none"));

    Cli.Result result = peloton("job", "create", file("name: a"), "--respool", "/none");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("NOT_FOUND: no pool at /none", "no resource pool at");
  }

  @ParameterizedTest
  @CsvSource({"UNAVAILABLE, 3", "DEADLINE_EXCEEDED, 3", "ABORTED, 1", "INTERNAL, 1"})
  void exitsByTheKindOfFailure(Status.Code code, int expected) {
    server.on(ListJobsRequest.class, Status.fromCode(code).withDescription("because"));

    Cli.Result result = peloton("job", "list");

    assertThat(result.code()).isEqualTo(expected);
    assertThat(result.err()).contains(code + ": because");
  }

  @Test
  void exitsWith3WhenNobodyListens() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    Cli.Result result = peloton("job", "list", "--server", "127.0.0.1:" + port);

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("cannot reach a server at 127.0.0.1:" + port);
  }

  @Test
  void exitsWith3WhenTheServerTakesTooLong() throws IOException {
    // Accepts connections, and says nothing.
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Cli.Result result =
          peloton("job", "list", "--server", "127.0.0.1:" + socket.getLocalPort(), "-t", "300ms");

      assertThat(result.code()).isEqualTo(3);
      assertThat(result.err()).contains("no answer from", "--timeout");
    }
  }

  static Stream<List<String>> badCommandLines() {
    return Stream.of(
        List.of("jub"),
        List.of("job", "get"),
        List.of("job", "create", "no-such-file.yaml"),
        List.of("job", "replace", JOB, "spec.yaml"),
        List.of("job", "replace", JOB, "spec.yaml", "1-1-1", "--override"),
        List.of("job", "stop", JOB, "one"),
        List.of("job", "list", "-o", "xml"),
        List.of("job", "list", "--timeout", "soon"),
        List.of("job", "list", "--timeout", "0s"),
        List.of("job", "list", "--server", "nowhere"),
        List.of("job", "list", "--server", "host:99999"),
        List.of("pod", "list", JOB, "--range", "3:1"),
        List.of("pod", "get", "hello"),
        List.of("respool", "create", "x", "y", "z"),
        List.of("watch", "job", "--from", "-1"),
        List.of("local-mesos", "--agents", "0"),
        List.of("local-mesos", "--start-delay", "1s"),
        List.of("local-mesos", "--mesos-version", "new"),
        List.of("local-mesos", "--missing-images", "nginx"),
        List.of("local-mesos", "--principal", "peloton"),
        List.of("local-mesos", "--tls-key", "key.pem"),
        List.of("server", "--listen-ports", "x"));
  }

  @ParameterizedTest
  @MethodSource("badCommandLines")
  void exitsWith2OnABadCommandLine(List<String> arguments) {
    Cli.Result result = Cli.with(environment()).run(arguments);

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("peloton: ");
  }

  @Test
  void takesOptionsBeforeTheFirstWordToo() {
    server.on(ListJobsRequest.class, ListJobsResponse.getDefaultInstance());

    Cli.Result result = Cli.with(Map.of()).run("-s", server.address(), "-o", "json", "job", "list");

    assertThat(result).isEqualTo(new Cli.Result(0, "[]" + NL, ""));
  }

  @Test
  void listsJobsInATable() {
    server.on(
        ListJobsRequest.class,
        ListJobsResponse.newBuilder().addJobs(summary(OTHER, "b", "1-1-1")).build(),
        ListJobsResponse.newBuilder().addJobs(summary(JOB, "a", "2-1-2")).build());

    Cli.Result result = peloton("job", "list");

    assertThat(result.code()).isZero();
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(cells(lines.get(0)))
        .containsExactly(
            "ID",
            "Name",
            "Owner",
            "State",
            "Creation Time",
            "Total",
            "Running",
            "Succeeded",
            "Failed",
            "Killed",
            "Workflow Status",
            "Completed",
            "Failed",
            "Current");
    assertThat(cells(lines.get(1)))
        .containsExactly(
            JOB,
            "a",
            "team",
            "RUNNING",
            "2026-01-01T00:00:00Z",
            "3",
            "2",
            "0",
            "0",
            "0",
            "ROLLING_FORWARD",
            "1",
            "0",
            "2");
  }

  @Test
  void saysSoWhenThereAreNoResults() {
    server
        .on(ListJobsRequest.class, ListJobsResponse.getDefaultInstance())
        .on(ListPodsRequest.class, ListPodsResponse.getDefaultInstance());

    assertThat(peloton("job", "list").out()).isEqualTo("No results found" + NL);
    assertThat(peloton("pod", "list", JOB).out()).isEqualTo("No pods found" + NL);
  }

  @Test
  void listsPodsByInstance() {
    server.on(
        ListPodsRequest.class,
        ListPodsResponse.newBuilder().addPods(pod(10)).addPods(pod(2)).build());

    Cli.Result result = peloton("pod", "list", JOB, "-r", "1:");

    List<String> lines = result.out().lines().toList();
    assertThat(cells(lines.get(1)))
        .containsExactly(
            JOB + "-2-1",
            JOB + "-2",
            "RUNNING",
            "main",
            "",
            "",
            "2026-01-01T00:00:00Z",
            "01:00:00",
            "h1",
            "",
            "",
            "",
            "1-0-0");
    assertThat(cells(lines.get(2)).get(1)).isEqualTo(JOB + "-10");
    assertThat(server.requests(ListPodsRequest.class).get(0).getRange().getFrom()).isEqualTo(1);
  }

  @Test
  void findsAJobByItsName() {
    server
        .on(GetJobIDFromJobNameRequest.class, ids(JOB))
        .on(GetJobRequest.class, job(summary(JOB, "a", "2-1-2")))
        .on(StopJobRequest.class, stopped("2-2-2"));

    Cli.Result result = peloton("job", "stop", "a");

    assertThat(result.out()).isEqualTo("Job stopped. New EntityVersion: 2-2-2" + NL);
    StopJobRequest request = server.requests(StopJobRequest.class).get(0);
    assertThat(request.getJobId().getValue()).isEqualTo(JOB);
    assertThat(request.getVersion().getValue()).isEqualTo("2-1-2");
  }

  @Test
  void listsTheJobsWhenSeveralHaveTheName() {
    server
        .on(GetJobIDFromJobNameRequest.class, ids(JOB, OTHER))
        .on(
            GetJobRequest.class,
            request -> List.of(job(summary(request.getJobId().getValue(), "a", "1-1-1"))));

    Cli.Result result = peloton("job", "stop", "a");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("several jobs are named \"a\"", JOB, OTHER);
    assertThat(server.requests(StopJobRequest.class)).isEmpty();
  }

  @Test
  void overlooksJobsOfTheNameThatAreGone() {
    server
        .on(GetJobIDFromJobNameRequest.class, ids(OTHER, JOB))
        .on(
            GetJobRequest.class,
            request ->
                request.getJobId().getValue().equals(JOB)
                    ? List.of(job(summary(JOB, "a", "1-1-1")))
                    : List.of(Status.NOT_FOUND))
        .on(DeleteJobRequest.class, DeleteJobResponse.getDefaultInstance());

    Cli.Result result = peloton("job", "delete", "a", "--force");

    assertThat(result.out()).isEqualTo("Job deleted" + NL);
    assertThat(server.requests(DeleteJobRequest.class).get(0).getForce()).isTrue();
    assertThat(server.requests(DeleteJobRequest.class).get(0).getJobId().getValue()).isEqualTo(JOB);
  }

  @Test
  void saysSoWhenNoJobHasTheName() {
    server.on(GetJobIDFromJobNameRequest.class, Status.NOT_FOUND);

    Cli.Result result = peloton("job", "get", "a");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("NOT_FOUND: no job has the id or the name \"a\"");
  }

  @Test
  void replacesWhateverVersionThereIsAndTriesAgainWhenItChanges() throws IOException {
    server
        .on(GetJobRequest.class, job(summary(JOB, "a", "1-1-1")))
        .on(GetJobRequest.class, job(summary(JOB, "a", "1-2-1")))
        .on(
            ReplaceJobRequest.class,
            Status.ABORTED.withDescription("unexpected entity version 1-1-1"))
        .on(ReplaceJobRequest.class, replaced("2-2-2"));

    Cli.Result result =
        peloton("job", "replace", JOB, file("name: a\nrespoolId: p"), "--override", "-b", "1");

    assertThat(result).isEqualTo(new Cli.Result(0, "New EntityVersion: 2-2-2" + NL, ""));
    assertThat(server.requests(ReplaceJobRequest.class))
        .extracting(request -> request.getVersion().getValue())
        .containsExactly("1-1-1", "1-2-1");
    assertThat(server.requests(ReplaceJobRequest.class).get(1).getUpdateSpec().getBatchSize())
        .isEqualTo(1);
  }

  @Test
  void doesNotTryAgainWithAVersionThatWasGiven() throws IOException {
    server.on(ReplaceJobRequest.class, Status.ABORTED.withDescription("unexpected entity version"));

    Cli.Result result = peloton("job", "replace", JOB, file("name: a\nrespoolId: p"), "1-1-1");

    assertThat(result.code()).isEqualTo(1);
    assertThat(server.requests(ReplaceJobRequest.class)).hasSize(1);
  }

  @Test
  void replacesInThePoolThatTheJobIsIn() throws IOException {
    JobInfo current =
        JobInfo.newBuilder()
            .setSpec(JobSpec.newBuilder().setRespoolId(ResourcePoolID.newBuilder().setValue("p9")))
            .build();
    server
        .on(GetJobRequest.class, GetJobResponse.newBuilder().setJobInfo(current).build())
        .on(ReplaceJobRequest.class, replaced("2-1-2"));

    peloton("job", "replace", JOB, file("name: a"), "1-1-1");

    assertThat(server.requests(ReplaceJobRequest.class).get(0).getSpec().getRespoolId().getValue())
        .isEqualTo("p9");
  }

  @Test
  void waitsUntilTheWorkflowHasSucceeded() throws IOException {
    server
        .on(CreateJobRequest.class, created("1-1-1"))
        .on(GetJobRequest.class, job(workflow(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 1)))
        .on(GetJobRequest.class, Status.UNAVAILABLE.withDescription("restarting"))
        .on(GetJobRequest.class, job(workflow(WorkflowState.WORKFLOW_STATE_SUCCEEDED, 1)));

    Cli.Result result = peloton("job", "create", file("name: a"), "--wait");

    assertThat(result.code()).isZero();
    assertThat(result.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("ROLLING_FORWARD: 1 completed, 2 remaining"),
            line -> assertThat(line).contains("is away: UNAVAILABLE"),
            line -> assertThat(line).startsWith("SUCCEEDED: 1 completed"));
  }

  @ParameterizedTest
  @CsvSource({
    "WORKFLOW_STATE_FAILED, 1, the workflow ended as FAILED",
    "WORKFLOW_STATE_ROLLED_BACK, 1, the workflow ended as ROLLED_BACK",
    "WORKFLOW_STATE_ABORTED, 1, the workflow ended as ABORTED",
    "WORKFLOW_STATE_ROLLING_FORWARD, 2, 'another workflow, toward 2-1-1, has taken the place'"
  })
  void exitsWith4WhenTheWorkflowEndsOtherwise(WorkflowState state, int version, String expected)
      throws IOException {
    server
        .on(CreateJobRequest.class, created("1-1-1"))
        .on(GetJobRequest.class, job(workflow(state, version)))
        .on(ListPodsRequest.class, ListPodsResponse.getDefaultInstance());

    Cli.Result result = peloton("job", "create", file("name: a"), "--wait");

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err()).contains(expected);
  }

  @Test
  void exitsWith4WhenTheTimeIsOverAndNamesThePodsThatDoNotRun() throws IOException {
    PodSummary failed =
        PodSummary.newBuilder()
            .setPodName(PodName.newBuilder().setValue(JOB + "-0"))
            .setStatus(
                PodStatus.newBuilder()
                    .setState(PodState.POD_STATE_FAILED)
                    .setMessage("Command exited with status 1"))
            .build();
    server
        .on(CreateJobRequest.class, created("1-1-1"))
        .on(GetJobRequest.class, job(workflow(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD, 1)))
        .on(
            ListPodsRequest.class,
            ListPodsResponse.newBuilder().addPods(failed).addPods(pod(1)).build());

    Cli.Result result =
        peloton("job", "create", file("name: a"), "--wait", "--wait-timeout", "10ms");

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err())
        .contains("not done after", JOB + "-0  FAILED", "Command exited with status 1")
        .doesNotContain(JOB + "-1");
  }

  @Test
  void showsAJobWhole() {
    server.on(
        GetJobRequest.class,
        GetJobResponse.newBuilder()
            .setJobInfo(
                JobInfo.newBuilder()
                    .setJobId(JobID.newBuilder().setValue(JOB))
                    .setSpec(JobSpec.newBuilder().setName("a").setInstanceCount(3))
                    .setStatus(summary(JOB, "a", "2-1-2").getStatus()))
            .build());

    assertThat(peloton("job", "get", JOB).out())
        .contains("Entity version:  2-1-2", "Pods:            2 RUNNING");
    assertThat(peloton("job", "get", JOB, "-o", "yaml").out())
        .contains("job_info:", "    instance_count: 3", "    owning_team: ''");
    assertThat(peloton("job", "get", JOB, "-j").out()).contains("\"instance_count\": 3");
  }

  @Test
  void showsTheEventsOfAPod() {
    server.on(
        GetPodEventsRequest.class,
        GetPodEventsResponse.newBuilder()
            .addEvents(
                PodEvent.newBuilder()
                    .setPodId(PodID.newBuilder().setValue(JOB + "-0-1"))
                    .setActualState("POD_STATE_RUNNING")
                    .setDesiredState("POD_STATE_RUNNING")
                    .setTimestamp("2026-01-01T00:00:00Z"))
            .build());

    Cli.Result result = peloton("pod", "events", JOB + "-0", "-p", JOB + "-0-1");

    assertThat(result.out()).contains(JOB + "-0-1", "RUNNING", "2026-01-01T00:00:00Z");
    assertThat(server.requests(GetPodEventsRequest.class).get(0).getPodId().getValue())
        .isEqualTo(JOB + "-0-1");
  }

  @Test
  void findsAPodByItsJobsName() {
    server
        .on(GetJobIDFromJobNameRequest.class, ids(JOB))
        .on(GetJobRequest.class, job(summary(JOB, "my-job", "1-1-1")))
        .on(GetPodEventsRequest.class, GetPodEventsResponse.getDefaultInstance());

    peloton("pod", "events", "my-job-12");

    assertThat(server.requests(GetPodEventsRequest.class).get(0).getPodName().getValue())
        .isEqualTo(JOB + "-12");
  }

  @Test
  void watchesAsJsonWithRevisions() {
    server.on(WatchRequest.class, change(5, 0), Status.CANCELLED.withDescription("enough"));

    Cli.Result result = peloton("watch", "pod", "-o", "json");

    assertThat(result.out().lines()).hasSize(1);
    assertThat(result.out()).contains("\"revision\":\"5\"", JOB + "-0");
  }

  @Test
  void printsAFileOfASandboxFromItsAgent() throws IOException {
    HttpServer agent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    agent.createContext(
        "/files/download",
        exchange -> {
          byte[] body =
              ("content of " + exchange.getRequestURI().getQuery() + "\n")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    agent.start();
    server.on(
        BrowsePodSandboxRequest.class,
        BrowsePodSandboxResponse.newBuilder()
            .setHostname("127.0.0.1")
            .setPort(Integer.toString(agent.getAddress().getPort()))
            .addPaths("/s/my dir/stderr")
            .addPaths("/s/my dir/stdout")
            .build());
    try {
      assertThat(peloton("pod", "logs", JOB + "-0").out())
          .isEqualTo("content of path=/s/my dir/stdout\n");
      Cli.Result missing = peloton("pod", "logs", JOB + "-0", "-f", "core");
      assertThat(missing.code()).isEqualTo(1);
      assertThat(missing.err()).contains("no file \"core\", only: stderr, stdout");
    } finally {
      agent.stop(0);
    }
  }

  @Test
  void createsPoolsByPathOrParent() throws IOException {
    server
        .on(LookupResourcePoolIDRequest.class, pool("parent"))
        .on(
            CreateResourcePoolRequest.class,
            CreateResourcePoolResponse.newBuilder()
                .setRespoolId(ResourcePoolID.newBuilder().setValue("new"))
                .build());

    assertThat(peloton("respool", "create", "/a/b", file("name: b")).out())
        .isEqualTo("Resource Pool new created at /a/b" + NL);
    assertThat(peloton("respool", "create", file("path: /c\n---\nname: d\nparent: /c")).out())
        .isEqualTo(
            "Resource Pool new created at /c" + NL + "Resource Pool new created at /c/d" + NL);
    assertThat(server.requests(LookupResourcePoolIDRequest.class))
        .extracting(request -> request.getPath().getValue())
        .containsExactly("/a", "/", "/c");
    assertThat(server.requests(CreateResourcePoolRequest.class))
        .extracting(request -> request.getSpec().getName())
        .containsExactly("b", "c", "d");
    assertThat(server.requests(CreateResourcePoolRequest.class))
        .allSatisfy(
            request -> assertThat(request.getSpec().getParent().getValue()).isEqualTo("parent"));
  }

  @Test
  void refusesAPoolWhoseNameIsNotTheEndOfItsPath() throws IOException {
    Cli.Result result = peloton("respool", "create", "/a/b", file("name: c"));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("name \"c\" is not the last element of the path /a/b");
  }

  @Test
  void watchesOnAfterTheConnectionIsLostAndShowsNothingTwice() {
    WatchResponse first = WatchResponse.newBuilder().setWatchId(7).build();
    WatchResponse change = change(5, 0);
    WatchResponse sameRevision = change(5, 1);
    WatchResponse later = change(6, 0);
    server
        .on(WatchRequest.class, first, change, Status.UNAVAILABLE.withDescription("stopping"))
        .on(
            WatchRequest.class,
            first.toBuilder().setWatchId(8).build(),
            change.toBuilder().setWatchId(8).build(),
            sameRevision,
            later,
            Status.OUT_OF_RANGE.withDescription("compacted"));

    Cli.Result result = peloton("watch", "pod", JOB);

    assertThat(
            result.out().lines().map(line -> line.split(" {2}")[0] + " " + line.split(" {2}")[1]))
        .containsExactly("5 " + JOB + "-0", "5 " + JOB + "-1", "6 " + JOB + "-0");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("connection lost: UNAVAILABLE: stopping", "connected again", "compacted");
    assertThat(server.requests(WatchRequest.class))
        .extracting(WatchRequest::getStartRevision)
        .containsExactly(0L, 5L);
  }

  @Test
  void resumesAfterTheRevisionThatTheWatchBeganAt() {
    WatchResponse first = WatchResponse.newBuilder().setWatchId(7).setRevision(9).build();
    server
        .on(WatchRequest.class, first, Status.UNAVAILABLE)
        .on(WatchRequest.class, first, Status.CANCELLED);

    peloton("watch", "job");

    assertThat(server.requests(WatchRequest.class))
        .extracting(WatchRequest::getStartRevision)
        .containsExactly(0L, 10L);
  }

  @Test
  void doesNotTryAWatchAgainThatTheServerRefuses() {
    server.on(WatchRequest.class, Status.INVALID_ARGUMENT.withDescription("in the future"));

    Cli.Result result = peloton("watch", "job", "--from", "999");

    assertThat(result.code()).isEqualTo(1);
    assertThat(server.requests(WatchRequest.class)).hasSize(1);
    assertThat(server.requests(WatchRequest.class).get(0).getStartRevision()).isEqualTo(999);
  }

  @Test
  void helpOfACommandNamesTheExitCodes() {
    Cli.Result result = Cli.with(Map.of()).run("job", "create", "--help");

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("--respool", "Exit codes:", "4   accepted");
  }

  private Cli.Result peloton(String... arguments) {
    return Cli.with(environment()).run(arguments);
  }

  private Map<String, String> environment() {
    return Map.of("PELOTON_SERVER", server.address());
  }

  private String file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "spec", ".yaml"), text).toString();
  }

  private static List<String> cells(String line) {
    return Stream.of(line.split("\\|", -1)).map(String::strip).toList();
  }

  private static LookupResourcePoolIDResponse pool(String id) {
    return LookupResourcePoolIDResponse.newBuilder()
        .setRespoolId(ResourcePoolID.newBuilder().setValue(id))
        .build();
  }

  private static CreateJobResponse created(String version) {
    return CreateJobResponse.newBuilder()
        .setJobId(JobID.newBuilder().setValue(JOB))
        .setVersion(version(version))
        .build();
  }

  private static ReplaceJobResponse replaced(String version) {
    return ReplaceJobResponse.newBuilder().setVersion(version(version)).build();
  }

  private static StopJobResponse stopped(String version) {
    return StopJobResponse.newBuilder().setVersion(version(version)).build();
  }

  private static EntityVersion version(String text) {
    return EntityVersion.newBuilder().setValue(text).build();
  }

  private static GetJobIDFromJobNameResponse ids(String... ids) {
    GetJobIDFromJobNameResponse.Builder response = GetJobIDFromJobNameResponse.newBuilder();
    for (String id : ids) {
      response.addJobId(JobID.newBuilder().setValue(id));
    }
    return response.build();
  }

  private static GetJobResponse job(JobSummary summary) {
    return GetJobResponse.newBuilder().setSummary(summary).build();
  }

  private static JobSummary workflow(WorkflowState state, int configuration) {
    JobSummary.Builder summary = summary(JOB, "a", "1-1-1").toBuilder();
    summary
        .getStatusBuilder()
        .getWorkflowStatusBuilder()
        .setState(state)
        .setVersion(version(configuration + "-1-1"))
        .setNumInstancesRemaining(2);
    return summary.build();
  }

  private static JobSummary summary(String id, String name, String version) {
    return JobSummary.newBuilder()
        .setJobId(JobID.newBuilder().setValue(id))
        .setName(name)
        .setOwningTeam("team")
        .setInstanceCount(3)
        .setStatus(
            JobStatus.newBuilder()
                .setState(JobState.JOB_STATE_RUNNING)
                .setCreationTime("2026-01-01T00:00:00.123Z")
                .putPodStats("POD_STATE_RUNNING", 2)
                .putPodStats("POD_STATE_FAILED", 0)
                .setVersion(version(version))
                .setWorkflowStatus(
                    WorkflowStatus.newBuilder()
                        .setState(WorkflowState.WORKFLOW_STATE_ROLLING_FORWARD)
                        .setNumInstancesCompleted(1)
                        .addInstancesCurrent(2)))
        .build();
  }

  private static PodSummary pod(int instance) {
    return PodSummary.newBuilder()
        .setPodName(PodName.newBuilder().setValue(JOB + "-" + instance))
        .setStatus(
            PodStatus.newBuilder()
                .setPodId(PodID.newBuilder().setValue(JOB + "-" + instance + "-1"))
                .setState(PodState.POD_STATE_RUNNING)
                .setStartTime("2026-01-01T00:00:00Z")
                .setHost("h1")
                .setVersion(version("1-0-0"))
                .addContainersStatus(ContainerStatus.newBuilder().setName("main")))
        .build();
  }

  private static WatchResponse change(long revision, int instance) {
    return WatchResponse.newBuilder().setRevision(revision).addPods(pod(instance)).build();
  }
}
