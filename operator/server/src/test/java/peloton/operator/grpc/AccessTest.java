package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.OTHER;
import static peloton.operator.TestCluster.spec;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import peloton.api.v1alpha.admin.svc.AdminServiceGrpc;
import peloton.api.v1alpha.admin.svc.AdminSvc.LockdownRequest;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc.JobServiceBlockingStub;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton.EntityVersion;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.pod.svc.PodServiceGrpc;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodRequest;
import peloton.operator.TestCluster;
import peloton.operator.access.AccessFile;
import peloton.store.view.RecordKey;

class AccessTest {
  private static final String TEAM_POOL = "11111111-2222-4333-8444-555555555555";
  private static final String POLICY =
      """
      roles:
        - name: team
          accept: ["JobService:*", "PodService:*", "AdminService:*"]
          pools: ["/team"]
      clients:
        # The tokens are "reader", "team" and "root".
        - {name: viewer, role: read, tokenSha256: %s}
        - {name: ci, role: team, tokenSha256: %s}
        - {name: oncall, role: admin, tokenSha256: %s}
      """
          .formatted(sha256("reader"), sha256("team"), sha256("root"));

  @TempDir private Path folder;

  private final TestCluster cluster = TestCluster.started();
  private final List<String> told = new ArrayList<>();
  private Path file;
  private AccessFile access;
  private TestApi api;

  @BeforeEach
  void open() throws IOException {
    file = Files.writeString(folder.resolve("access.yaml"), POLICY);
    access = AccessFile.open(file, cluster.timers);
    api = new TestApi(cluster, 100, Optional.of(access), told::add);
    cluster.write(new RecordKey.Pool(TEAM_POOL), TestCluster.pool("team", "root"));
    cluster.createJob(JOB, spec(1).build());
    cluster.createJob(
        OTHER, spec(1).setRespoolId(ResourcePoolID.newBuilder().setValue(TEAM_POOL)).build());
  }

  @AfterEach
  void close() {
    api.close();
    access.close();
  }

  @Test
  void nobodyKnownMayDoNothingButAskForHealth() {
    assertFails(() -> read(jobs()), Status.Code.UNAUTHENTICATED, "authorization: Bearer");
    assertFails(() -> read(jobs("wrong")), Status.Code.UNAUTHENTICATED, "known clients");
    assertFails(() -> stop(jobs(), OTHER), Status.Code.UNAUTHENTICATED, "known clients");
    HealthGrpc.newBlockingStub(api.channel()).check(HealthCheckRequest.getDefaultInstance());
  }

  @Test
  void aReaderReadsAndChangesNothing() {
    read(jobs("reader"));

    assertFails(
        () -> stop(jobs("reader"), JOB),
        Status.Code.PERMISSION_DENIED,
        "client viewer, role read, may not call JobService:StopJob");
    assertThat(cluster.job(JOB).goal().getDesiredStateVersion()).isEqualTo(1);
  }

  @Test
  void aTeamChangesWhatIsInItsPoolsAndReadsTheRest() {
    JobServiceBlockingStub team = jobs("team");
    read(team);
    stop(team, OTHER);

    assertFails(() -> stop(team, JOB), Status.Code.PERMISSION_DENIED, "this is in /infrastructure");
    assertFails(() -> create(team, TestCluster.POOL), Status.Code.PERMISSION_DENIED, "[/team]");
    assertFails(
        () ->
            PodServiceGrpc.newBlockingStub(api.channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer("team")))
                .stopPod(
                    StopPodRequest.newBuilder()
                        .setPodName(
                            peloton.api.v1alpha.peloton.Peloton.PodName.newBuilder()
                                .setValue(JOB + "-0"))
                        .build()),
        Status.Code.PERMISSION_DENIED,
        "this is in /infrastructure");
    assertThat(cluster.job(JOB).podGoals()).isEmpty();
  }

  @Test
  void aJobIsNotMovedIntoAPoolOfOthers() {
    assertFails(
        () ->
            jobs("team")
                .replaceJob(
                    ReplaceJobRequest.newBuilder()
                        .setJobId(JobID.newBuilder().setValue(OTHER))
                        .setVersion(EntityVersion.newBuilder().setValue("1-1-1"))
                        .setSpec(spec(1))
                        .build()),
        Status.Code.PERMISSION_DENIED,
        "this is in /infrastructure");
  }

  @Test
  void whatConcernsTheWholeClusterIsNotForTeams() {
    assertFails(
        () ->
            AdminServiceGrpc.newBlockingStub(api.channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer("team")))
                .lockdown(LockdownRequest.getDefaultInstance()),
        Status.Code.PERMISSION_DENIED,
        "concerns the whole cluster");
  }

  @Test
  void aPasswordIsATokenThatComesWithItsName() {
    read(jobs(header("authorization", "Basic " + base64("viewer:reader"))));
    Metadata peloton = header("username", "viewer");
    peloton.put(Metadata.Key.of("password", Metadata.ASCII_STRING_MARSHALLER), "reader");
    read(jobs(peloton));

    assertFails(
        () -> read(jobs(header("authorization", "Basic " + base64("oncall:reader")))),
        Status.Code.UNAUTHENTICATED,
        "known clients");
    assertFails(
        () -> read(jobs(header("authorization", "Basic %%%"))),
        Status.Code.UNAUTHENTICATED,
        "known clients");
  }

  @Test
  void everyChangeIsToldWithWhoAndWhatAndHowItEnded() {
    stop(jobs("root"), OTHER);
    assertFails(() -> stop(jobs("team"), JOB), Status.Code.PERMISSION_DENIED, "/team");
    assertFails(() -> stop(jobs("nobody"), JOB), Status.Code.UNAUTHENTICATED, "known");
    read(jobs("root"));

    assertThat(told).hasSize(3);
    assertThat(told.get(0))
        .contains(
            "\"who\":\"oncall\"",
            "\"method\":\"JobService:StopJob\"",
            "\"entity\":\"" + OTHER + "\"",
            "\"before\":\"1-1-1\"",
            "\"after\":\"1-2-1\"",
            "\"result\":\"OK\"");
    assertThat(told.get(1)).contains("\"who\":\"ci\"", "\"result\":\"PERMISSION_DENIED\"");
    assertThat(told.get(2)).contains("\"who\":\"nobody known\"", "UNAUTHENTICATED");
    assertThat(told.toString()).doesNotContain("root\"", "Bearer nobody");
  }

  @Test
  void aChangedFileIsInForceSoonAndABrokenOneNever() throws IOException {
    Files.writeString(file, "clients: [{name: viewer, role: admin, nonsense: 1}]");
    cluster.timers.advance(Duration.ofSeconds(3));
    read(jobs("reader"));

    Files.writeString(file, POLICY.replace("role: read", "role: write"));
    cluster.timers.advance(Duration.ofSeconds(3));
    stop(jobs("reader"), JOB);
    assertThat(cluster.job(JOB).goal().getDesiredStateVersion()).isEqualTo(2);
  }

  @Test
  void aFileThatIsWrongFromTheStartIsSaidWithItsName() throws IOException {
    Files.writeString(file, "clients: []");

    assertThatThrownBy(() -> AccessFile.open(file, cluster.timers))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("access.yaml")
        .hasMessageContaining("clients: none");
  }

  private void read(JobServiceBlockingStub stub) {
    assertThat(
            stub.getJob(
                    GetJobRequest.newBuilder().setJobId(JobID.newBuilder().setValue(JOB)).build())
                .hasJobInfo())
        .isTrue();
  }

  private static void stop(JobServiceBlockingStub stub, String job) {
    stub.stopJob(
        StopJobRequest.newBuilder()
            .setJobId(JobID.newBuilder().setValue(job))
            .setVersion(EntityVersion.newBuilder().setValue("1-1-1"))
            .build());
  }

  private static void create(JobServiceBlockingStub stub, String pool) {
    stub.createJob(
        CreateJobRequest.newBuilder()
            .setSpec(
                spec(1).setName("new").setRespoolId(ResourcePoolID.newBuilder().setValue(pool)))
            .build());
  }

  private JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(api.channel());
  }

  private JobServiceBlockingStub jobs(String token) {
    return jobs(bearer(token));
  }

  private JobServiceBlockingStub jobs(Metadata headers) {
    return jobs().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static Metadata bearer(String token) {
    return header("authorization", "Bearer " + token);
  }

  private static Metadata header(String name, String value) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return headers;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(String text) {
    try {
      return java.util.HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertFails(Executable call, Status.Code code, String message) {
    assertThatThrownBy(call::execute)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
