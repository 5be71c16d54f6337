package peloton.operator.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc.JobServiceBlockingStub;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.respool.ResourcePoolServiceGrpc;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolRequest;
import peloton.api.v1alpha.watch.Watch.StatelessJobFilter;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.operator.TestCluster;
import peloton.operator.config.ConfigLoader;
import peloton.records.SchemaRecord;
import peloton.store.KeyValueStore;
import peloton.store.Range;
import peloton.store.Txn;
import peloton.store.etcd.EtcdProcess;
import peloton.store.etcd.EtcdSettings;
import peloton.store.etcd.EtcdStore;
import peloton.store.etcd.TestIdentity;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;

/** The whole process against a real etcd; there is no Mesos, so pods stay where they are. */
class OperatorProcessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @Test
  void waitsForEtcdAndSaysSoThenServesAndLeads() throws IOException {
    EtcdProcess etcd = open(EtcdProcess.prepare());
    ManagedChannel channel = channelTo(start(etcd));

    assertThat(health(channel)).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(statusOfRead(channel)).isEqualTo(Status.Code.UNAVAILABLE);

    etcd.launch();
    await(() -> health(channel) == ServingStatus.SERVING);
    assertThat(statusOfRead(channel)).isEqualTo(Status.Code.NOT_FOUND);
    CreateJobResponse created = createJob(channel);
    // PENDING once this replica leads, which it does about now.
    assertThat(state(channel, created.getJobId()))
        .isIn(JobState.JOB_STATE_INITIALIZED, JobState.JOB_STATE_PENDING);
    await(() -> leader(etcd).isPresent());
  }

  @Test
  void writesFailWithinTheirTimeWhileEtcdIsAwayAndRecoverAlone() throws IOException {
    EtcdProcess etcd = open(EtcdProcess.start());
    ManagedChannel channel = channelTo(start(etcd, "--etcd-request-timeout=1s"));
    await(() -> health(channel) == ServingStatus.SERVING);
    CreateJobResponse created = createJob(channel);

    etcd.freeze();
    long began = System.nanoTime();
    Status.Code code = statusOfWrite(channel);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    etcd.thaw();

    assertThat(code).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(took).isLessThan(Duration.ofSeconds(8));
    await(() -> statusOfWrite(channel) == Status.Code.OK);
    assertThat(state(channel, created.getJobId())).isNotEqualTo(JobState.JOB_STATE_INVALID);
  }

  @Test
  void speaksTlsToClientsAndToEtcd() throws Exception {
    TestIdentity server = TestIdentity.make(folder, "server");
    TestIdentity client = TestIdentity.make(folder, "client");
    EtcdProcess etcd =
        open(
            EtcdProcess.startWithTls(
                "--cert-file=" + server.certificate(),
                "--key-file=" + server.key(),
                "--client-cert-auth",
                "--trusted-ca-file=" + client.certificate()));
    OperatorProcess process =
        start(
            etcd,
            "--etcd-tls-ca=" + server.certificate(),
            "--etcd-tls-certificate=" + client.certificate(),
            "--etcd-tls-key=" + client.key(),
            "--listen-tls-certificate=" + server.certificate(),
            "--listen-tls-key=" + server.key(),
            "--listen-tls-client-ca=" + client.certificate());
    ManagedChannel channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + process.ports().get(0),
                TlsChannelCredentials.newBuilder()
                    .trustManager(server.certificate().toFile())
                    .keyManager(client.certificate().toFile(), client.key().toFile())
                    .build())
            .build();
    opened.add(channel::shutdownNow);

    await(() -> health(channel) == ServingStatus.SERVING);
    assertThat(statusOfWrite(channel)).isEqualTo(Status.Code.OK);
    assertThatThrownBy(() -> health(channelTo(process)))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("UNAVAILABLE");
  }

  @Test
  void anotherReplicaReadsWhatOneWroteAndLeadsWhenItStops() throws Exception {
    EtcdProcess etcd = open(EtcdProcess.start());
    OperatorProcess first = start(etcd);
    ManagedChannel one = channelTo(first);
    await(() -> leader(etcd).isPresent());
    ManagedChannel two = channelTo(start(etcd));
    await(() -> health(two) == ServingStatus.SERVING);

    CreateJobResponse created = createJob(one);
    await(() -> statusOfRead(two, created.getJobId()) == Status.Code.OK);
    String leader = leader(etcd).orElseThrow();

    long began = System.nanoTime();
    first.close();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
    first.awaitTermination();
    await(() -> leader(etcd).filter(next -> !next.equals(leader)).isPresent());
    assertThat(statusOfWrite(two)).isEqualTo(Status.Code.OK);
  }

  @Test
  void aWatchGoesOnAtAnotherReplicaFromEtcdsHistory() throws IOException {
    EtcdProcess etcd = open(EtcdProcess.start());
    ManagedChannel one = channelTo(start(etcd));
    await(() -> health(one) == ServingStatus.SERVING);
    Iterator<WatchResponse> live = watchJobs(one, 0);
    WatchResponse first = live.next();
    CreateJobResponse created = createJob(one);
    WatchResponse change = live.next();
    assertThat(change.getStatelessJobs(0).getJobId()).isEqualTo(created.getJobId());
    assertThat(change.getRevision()).isGreaterThan(first.getRevision());

    ManagedChannel two = channelTo(start(etcd));
    await(() -> health(two) == ServingStatus.SERVING);
    Iterator<WatchResponse> resumed = watchJobs(two, first.getRevision() + 1);
    assertThat(resumed.next().getRevision()).isEqualTo(first.getRevision());
    WatchResponse again = resumed.next();

    assertThat(again.getRevision()).isEqualTo(change.getRevision());
    assertThat(again.getStatelessJobsList()).isEqualTo(change.getStatelessJobsList());
    CreateJobResponse second = createJob(one);
    WatchResponse next = resumed.next();
    while (!next.getStatelessJobs(0).getJobId().equals(second.getJobId())) {
      next = resumed.next();
    }
    assertThat(next.getRevision()).isGreaterThan(again.getRevision());
  }

  @Test
  void standsAsideWhenANewerReleaseHasRaisedTheSchema() throws Exception {
    EtcdProcess etcd = open(EtcdProcess.start());
    OperatorProcess process = start(etcd);
    ManagedChannel channel = channelTo(process);
    await(() -> leader(etcd).isPresent());
    CreateJobResponse created = createJob(channel);

    SchemaRecord newer = SchemaRecord.newBuilder().setVersion(2).setRelease("2.0.0").build();
    Keyspace keys = new Keyspace(Keyspace.DEFAULT_PREFIX);
    try (EtcdStore store = EtcdStore.connect(EtcdSettings.of(List.of(etcd.endpoint())))) {
      store
          .commit(new Txn(List.of(), List.of(keys.put(new RecordKey.Schema(), newer))))
          .get(90, TimeUnit.SECONDS);
    }

    await(() -> leader(etcd).isEmpty());
    assertThat(http(process, "/readyz").body())
        .contains("[-] schema: the records in etcd have schema 2, written by release 2.0.0");
    assertThat(statusOfWrite(channel)).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(statusOfRead(channel, created.getJobId())).isEqualTo(Status.Code.OK);
  }

  @Test
  void healthAndMetricsAreServedOverHttp() throws IOException {
    EtcdProcess etcd = open(EtcdProcess.start());
    OperatorProcess process = start(etcd);
    ManagedChannel channel = channelTo(process);
    await(() -> health(channel) == ServingStatus.SERVING);

    assertThat(http(process, "/livez").body()).isEqualTo("ok\n");
    assertThat(http(process, "/readyz").body()).isEqualTo("ok\n");
    createJob(channel);
    await(() -> http(process, "/metrics").body().contains("peloton_leader 1.0"));
    assertThat(http(process, "/readyz?verbose").body()).contains("(this replica)");
    assertThat(http(process, "/metrics").body().lines())
        .contains("peloton_pods_desired 2.0", "peloton_mesos_subscribed 0.0");

    etcd.kill();
    await(() -> http(process, "/readyz").statusCode() == 503);
    assertThat(http(process, "/readyz").body()).contains("[-] etcd: etcd was last heard of");
    assertThat(http(process, "/livez").statusCode()).isEqualTo(200);
  }

  private static Iterator<WatchResponse> watchJobs(ManagedChannel channel, long from) {
    return WatchServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .watch(
            WatchRequest.newBuilder()
                .setStartRevision(from)
                .setStatelessJobFilter(StatelessJobFilter.getDefaultInstance())
                .build());
  }

  private OperatorProcess start(EtcdProcess etcd, String... flags) throws IOException {
    List<String> all = new ArrayList<>(List.of(flags));
    all.addAll(
        List.of(
            "--etcd-endpoints=" + etcd.endpoint(),
            "--etcd-lease-ttl=2s",
            "--listen-host=127.0.0.1",
            "--listen-ports=0",
            "--listen-http-port=0",
            "--mesos-masters=127.0.0.1:" + closedPort(),
            "--log-level=warn"));
    return open(OperatorProcess.start(new ConfigLoader().flags(all).load()));
  }

  private ManagedChannel channelTo(OperatorProcess process) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", process.ports().get(0)).usePlaintext().build();
    opened.add(channel::shutdownNow);
    return channel;
  }

  private static ServingStatus health(ManagedChannel channel) {
    return HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  private static Status.Code statusOfRead(ManagedChannel channel) {
    return statusOfRead(channel, JobID.newBuilder().setValue(TestCluster.JOB).build());
  }

  private static Status.Code statusOfRead(ManagedChannel channel, JobID job) {
    return status(() -> jobs(channel).getJob(GetJobRequest.newBuilder().setJobId(job).build()));
  }

  private static JobState state(ManagedChannel channel, JobID job) {
    return jobs(channel)
        .getJob(GetJobRequest.newBuilder().setJobId(job).setSummaryOnly(true).build())
        .getSummary()
        .getStatus()
        .getState();
  }

  private static Status.Code statusOfWrite(ManagedChannel channel) {
    return status(() -> createPool(channel));
  }

  private static CreateJobResponse createJob(ManagedChannel channel) {
    return jobs(channel)
        .createJob(
            CreateJobRequest.newBuilder()
                .setSpec(TestCluster.spec(2).setRespoolId(createPool(channel)))
                .build());
  }

  private static ResourcePoolID createPool(ManagedChannel channel) {
    return ResourcePoolServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .createResourcePool(
            CreateResourcePoolRequest.newBuilder()
                .setSpec(
                    ResourcePoolSpec.newBuilder()
                        .setName("pool-" + System.nanoTime())
                        .setParent(ResourcePoolID.newBuilder().setValue("root")))
                .build())
        .getRespoolId();
  }

  private static JobServiceBlockingStub jobs(ManagedChannel channel) {
    return JobServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private static Status.Code status(Supplier<?> call) {
    try {
      call.get();
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  /** The leader key's creation, which no two terms share. */
  private static Optional<String> leader(EtcdProcess etcd) {
    try (KeyValueStore store = EtcdStore.connect(EtcdSettings.of(List.of(etcd.endpoint())))) {
      Range range = store.get("/peloton/v1alpha/leader").join();
      return range.entries().stream().findFirst().map(key -> "term " + key.createRevision());
    }
  }

  private static HttpResponse<String> http(OperatorProcess process, String path) {
    URI uri = URI.create("http://127.0.0.1:" + process.statusPort().orElseThrow() + path);
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private <T extends AutoCloseable> T open(T part) {
    opened.add(part);
    return part;
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void await(Supplier<Boolean> condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.get()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + PATIENCE);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
