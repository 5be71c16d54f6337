package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.OTHER;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;
import static peloton.operator.grpc.Statuses.assertFails;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.peloton.Peloton.PodName;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodEvent;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodStatus;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.api.v1alpha.pod.svc.PodServiceGrpc;
import peloton.api.v1alpha.pod.svc.PodServiceGrpc.PodServiceBlockingStub;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodCacheRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodCacheResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodEventsRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodRequest;
import peloton.operator.TestCluster;
import peloton.operator.sandbox.AgentDirectory.AgentAddress;
import peloton.records.FrameworkRecord;
import peloton.records.PodEventRecord;
import peloton.records.PodHistoryRecord;
import peloton.records.PodRecord;
import peloton.store.view.RecordKey;

class PodServiceTest {
  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);
  private final PodServiceBlockingStub stub = PodServiceGrpc.newBlockingStub(api.channel());

  @BeforeEach
  void createJob() {
    cluster.createJob(JOB, spec(3).build());
    cluster.write(
        new RecordKey.Framework(), FrameworkRecord.newBuilder().setFrameworkId("F").build());
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void aPodThatWasNeverLaunchedIsInItsFirstRun() {
    GetPodResponse response = get(0, 0);

    PodStatus status = response.getCurrent().getStatus();
    assertThat(status.getState()).isEqualTo(PodState.POD_STATE_INITIALIZED);
    assertThat(status.getDesiredState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(status.getPodId().getValue()).isEqualTo(JOB + "-0-1");
    assertThat(status.hasPrevPodId()).isFalse();
    assertThat(status.getVersion().getValue()).isEqualTo("1-0-0");
    assertThat(response.getCurrent().getSpec().getPodName().getValue()).isEqualTo(JOB + "-0");
    assertThat(response.getCurrent().getSpec().getContainers(0).getCommand().getValue())
        .isEqualTo("serve");
    assertThat(response.getPreviousList()).isEmpty();
  }

  @Test
  void whatAHealthCheckSaidIsItsOutput() {
    cluster.write(
        new RecordKey.Pod(JOB, 1),
        pod(1, PodState.POD_STATE_RUNNING)
            .setHealth(HealthState.HEALTH_STATE_UNHEALTHY)
            .setReason("REASON_TASK_HEALTH_CHECK_STATUS_UPDATED")
            .setMessage("Command exited with status 1")
            .build());

    assertThat(get(1, 0).getCurrent().getStatus().getContainersStatus(0).getHealthy().getOutput())
        .isEqualTo("Command exited with status 1");
  }

  @Test
  void aPodThatRunsShowsItsContainerAndWhereItIs() {
    cluster.write(
        new RecordKey.Pod(JOB, 1),
        pod(1, PodState.POD_STATE_RUNNING)
            .putPorts("http", 31000)
            .setHealth(HealthState.HEALTH_STATE_HEALTHY)
            .setStartedAt(1_700_000_000_000_000_001L)
            .setFailureCount(2)
            .setMessage("ready")
            .build());

    PodStatus status = get(1, 0).getCurrent().getStatus();

    assertThat(status.getHost()).isEqualTo("agent-0");
    assertThat(status.getAgentId().getValue()).isEqualTo("S0");
    assertThat(status.getStartTime()).isEqualTo("2023-11-14T22:13:20.000000001Z");
    assertThat(status.getContainersStatusList())
        .singleElement()
        .satisfies(
            container -> {
              assertThat(container.getName()).isEqualTo("main");
              assertThat(container.getPortsMap()).containsEntry("http", 31000);
              assertThat(container.getHealthy().getState())
                  .isEqualTo(HealthState.HEALTH_STATE_HEALTHY);
              assertThat(container.getFailureCount()).isEqualTo(2);
              assertThat(container.getMessage()).isEqualTo("ready");
            });
  }

  @Test
  void pastRunsComeNewestFirstUpToTheLimit() {
    history(1, PodState.POD_STATE_FAILED);
    history(2, PodState.POD_STATE_KILLED);
    cluster.write(new RecordKey.Pod(JOB, 0), pod(3, PodState.POD_STATE_RUNNING).build());

    assertThat(get(0, 0).getPreviousList())
        .extracting(info -> info.getStatus().getPodId().getValue())
        .containsExactly(JOB + "-0-2", JOB + "-0-1");
    assertThat(get(0, 2).getPreviousList()).hasSize(1);
    assertThat(get(0, 1).getPreviousList()).isEmpty();
    assertThat(get(0, 0).getPrevious(1).getStatus().getContainersStatus(0).getTerminationStatus())
        .isEqualTo(termination());
    assertThat(get(0, 0).getCurrent().getStatus().getPrevPodId().getValue())
        .isEqualTo(JOB + "-0-2");
  }

  @Test
  void aStatusAloneLeavesTheSpecOut() {
    GetPodResponse response =
        stub.getPod(GetPodRequest.newBuilder().setPodName(name(0)).setStatusOnly(true).build());

    assertThat(response.getCurrent().hasSpec()).isFalse();
    assertThat(response.getCurrent().hasStatus()).isTrue();
  }

  @Test
  void eventsOfTheCurrentRunComeNewestFirst() {
    cluster.write(
        new RecordKey.Pod(JOB, 0),
        withEvents(pod(2, PodState.POD_STATE_RUNNING), PodState.POD_STATE_RUNNING));

    var events =
        stub.getPodEvents(GetPodEventsRequest.newBuilder().setPodName(name(0)).build())
            .getEventsList();

    assertThat(events)
        .extracting(PodEvent::getActualState)
        .containsExactly("POD_STATE_RUNNING", "POD_STATE_LAUNCHED");
    PodEvent newest = events.get(0);
    assertThat(newest.getPodId().getValue()).isEqualTo(JOB + "-0-2");
    assertThat(newest.getPrevPodId().getValue()).isEqualTo(JOB + "-0-1");
    assertThat(newest.getDesiredPodId().getValue()).isEqualTo(JOB + "-0-2");
    assertThat(newest.getDesiredState()).isEqualTo("POD_STATE_RUNNING");
    assertThat(newest.getHealthy()).isEqualTo("HEALTH_STATE_DISABLED");
    assertThat(newest.getTimestamp()).isEqualTo("2023-11-14T22:13:20Z");
    assertThat(newest.getVersion().getValue()).isEqualTo("1-0-0");
    assertThat(newest.getHostname()).isEqualTo("agent-0");
  }

  @Test
  void eventsOfAPastRunComeFromHistory() {
    history(1, PodState.POD_STATE_FAILED);
    cluster.write(new RecordKey.Pod(JOB, 0), pod(2, PodState.POD_STATE_RUNNING).build());

    var events =
        stub.getPodEvents(
                GetPodEventsRequest.newBuilder().setPodName(name(0)).setPodId(run(1)).build())
            .getEventsList();

    assertThat(events)
        .extracting(PodEvent::getActualState)
        .containsExactly("POD_STATE_FAILED", "POD_STATE_LAUNCHED");
    assertThat(events.get(0).getPrevPodId().getValue()).isEqualTo(JOB + "-0-0");
    assertFails(
        () ->
            stub.getPodEvents(
                GetPodEventsRequest.newBuilder().setPodName(name(0)).setPodId(run(9)).build()),
        Status.Code.NOT_FOUND,
        "no run 9");
  }

  @Test
  void namesThatAreNoneOrOfNothingAreRefused() {
    assertFails(
        () ->
            stub.getPod(
                GetPodRequest.newBuilder().setPodName(PodName.newBuilder().setValue("x")).build()),
        Status.Code.INVALID_ARGUMENT,
        "pod_name",
        "\"x\"");
    assertFails(() -> get(3, 0), Status.Code.NOT_FOUND, "no instance 3", "it has 3");
    assertFails(
        () ->
            stub.getPod(
                GetPodRequest.newBuilder()
                    .setPodName(PodName.newBuilder().setValue(OTHER + "-0"))
                    .build()),
        Status.Code.NOT_FOUND,
        "no job");
    assertFails(
        () ->
            stub.getPodEvents(
                GetPodEventsRequest.newBuilder()
                    .setPodName(name(0))
                    .setPodId(PodID.newBuilder().setValue(JOB + "-1-1"))
                    .build()),
        Status.Code.INVALID_ARGUMENT,
        "pod_id");
  }

  @Test
  void aSandboxIsBrowsedAtTheAgent() throws IOException {
    AtomicReference<String> asked = new AtomicReference<>();
    HttpServer agent = HttpServer.create(new InetSocketAddress(loopback(), 0), 0);
    agent.createContext(
        "/files/browse",
        exchange -> {
          asked.set(exchange.getRequestURI().getQuery());
          byte[] body =
              "[{\"path\":\"/w/stdout\"},{\"path\":\"/w/stderr\"}]"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    agent.start();
    try {
      int port = agent.getAddress().getPort();
      api.agents.put("S0", new AgentAddress("127.0.0.1", port));
      cluster.write(new RecordKey.Pod(JOB, 0), pod(1, PodState.POD_STATE_RUNNING).build());

      BrowsePodSandboxResponse response = browse(0);

      assertThat(response.getPathsList()).containsExactly("/w/stdout", "/w/stderr");
      assertThat(response.getHostname()).isEqualTo("127.0.0.1");
      assertThat(response.getPort()).isEqualTo(Integer.toString(port));
      assertThat(asked.get())
          .isEqualTo(
              "path=/var/lib/mesos/slaves/S0/frameworks/F/executors/" + JOB + "-0-1/runs/latest");
    } finally {
      agent.stop(0);
    }
  }

  @Test
  void aSandboxOfAPodThatNeverRanOrOfAnAgentThatIsAwayIsRefused() throws IOException {
    assertFails(() -> browse(0), Status.Code.ABORTED, "pod has not been run");

    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      closed = socket.getLocalPort();
    }
    api.agents.put("S0", new AgentAddress("127.0.0.1", closed));
    cluster.write(new RecordKey.Pod(JOB, 0), pod(1, PodState.POD_STATE_RUNNING).build());
    assertFails(() -> browse(0), Status.Code.UNAVAILABLE, "agent 127.0.0.1:" + closed);
  }

  @Test
  void aPodIsStoppedAndStartedAndRestarted() {
    cluster.write(new RecordKey.Pod(JOB, 0), pod(1, PodState.POD_STATE_RUNNING).build());

    stub.stopPod(StopPodRequest.newBuilder().setPodName(name(0)).build());
    assertThat(get(0, 1).getCurrent().getStatus().getDesiredState())
        .isEqualTo(PodState.POD_STATE_KILLED);
    assertThat(get(1, 1).getCurrent().getStatus().getDesiredState())
        .isEqualTo(PodState.POD_STATE_RUNNING);

    stub.startPod(StartPodRequest.newBuilder().setPodName(name(0)).build());
    assertThat(get(0, 1).getCurrent().getStatus().getDesiredState())
        .isEqualTo(PodState.POD_STATE_RUNNING);

    stub.restartPod(RestartPodRequest.newBuilder().setPodName(name(0)).build());
    assertThat(get(0, 1).getCurrent().getStatus().getDesiredPodId().getValue())
        .isEqualTo(JOB + "-0-2");
  }

  @Test
  void deletedEventsAreSeenNoMoreAndLaterOnesAre() {
    PodRecord run = withEvents(pod(1, PodState.POD_STATE_RUNNING), PodState.POD_STATE_RUNNING);
    cluster.write(new RecordKey.Pod(JOB, 0), run);

    stub.deletePodEvents(
        DeletePodEventsRequest.newBuilder().setPodName(name(0)).setPodId(run(1)).build());
    assertThat(events()).isEmpty();

    cluster.write(
        new RecordKey.Pod(JOB, 0),
        run.toBuilder()
            .addEvents(event(PodState.POD_STATE_FAILED).setAt(1_800_000_000_000_000_000L))
            .build());
    assertThat(events()).extracting(PodEvent::getActualState).containsExactly("POD_STATE_FAILED");
    assertFails(
        () -> stub.deletePodEvents(DeletePodEventsRequest.newBuilder().setPodName(name(0)).build()),
        Status.Code.INVALID_ARGUMENT,
        "pod_id");
  }

  @Test
  void theCacheHasTheStatusAndTheLabels() {
    cluster.write(new RecordKey.Pod(JOB, 0), pod(1, PodState.POD_STATE_RUNNING).build());

    GetPodCacheResponse cached =
        stub.getPodCache(GetPodCacheRequest.newBuilder().setPodName(name(0)).build());

    assertThat(cached.getStatus()).isEqualTo(get(0, 1).getCurrent().getStatus());
    assertThat(cached.getLabelsList()).containsExactly(TestCluster.label("app", "web"));
    assertFails(
        () -> stub.getPodCache(GetPodCacheRequest.newBuilder().setPodName(name(9)).build()),
        Status.Code.NOT_FOUND,
        "no instance 9");
  }

  @Test
  void aRefreshIsSeenByTheLoops() {
    stub.refreshPod(RefreshPodRequest.newBuilder().setPodName(name(2)).build());

    assertThat(cluster.job(JOB).podGoals().get(2).getRefresh()).isEqualTo(1);
  }

  private List<PodEvent> events() {
    return stub.getPodEvents(GetPodEventsRequest.newBuilder().setPodName(name(0)).build())
        .getEventsList();
  }

  private GetPodResponse get(int instance, int limit) {
    return stub.getPod(
        GetPodRequest.newBuilder().setPodName(name(instance)).setLimit(limit).build());
  }

  private BrowsePodSandboxResponse browse(int instance) {
    return stub.browsePodSandbox(
        BrowsePodSandboxRequest.newBuilder().setPodName(name(instance)).build());
  }

  private void history(long run, PodState last) {
    cluster.write(
        new RecordKey.PodHistory(JOB, 0, run),
        PodHistoryRecord.newBuilder()
            .setPod(withEvents(pod(run, last).setTermination(termination()), last))
            .build());
  }

  private static PodRecord withEvents(PodRecord.Builder pod, PodState last) {
    return pod.addEvents(event(PodState.POD_STATE_LAUNCHED)).addEvents(event(last)).build();
  }

  private static PodEventRecord.Builder event(PodState state) {
    return PodEventRecord.newBuilder()
        .setState(state)
        .setGoal(PodState.POD_STATE_RUNNING)
        .setAt(1_700_000_000_123_456_789L)
        .setVersion(1)
        .setDesiredVersion(1)
        .setHealth(HealthState.HEALTH_STATE_DISABLED);
  }

  private static TerminationStatus termination() {
    return TerminationStatus.newBuilder()
        .setReason(TerminationStatus.Reason.TERMINATION_STATUS_REASON_FAILED)
        .setExitCode(3)
        .build();
  }

  private static PodName name(int instance) {
    return PodName.newBuilder().setValue(JOB + "-" + instance).build();
  }

  private static PodID run(long run) {
    return PodID.newBuilder().setValue(JOB + "-0-" + run).build();
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }
}
