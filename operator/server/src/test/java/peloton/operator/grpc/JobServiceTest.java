package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.OTHER;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;
import static peloton.operator.grpc.Statuses.assertFails;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc.JobServiceBlockingStub;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobCacheRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobCacheResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobIDFromJobNameRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton.EntityVersion;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.Secret;
import peloton.api.v1alpha.peloton.Peloton.SecretID;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.operator.TestCluster;
import peloton.records.SecretRecord;
import peloton.store.view.RecordKey;

class JobServiceTest {
  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);
  private final JobServiceBlockingStub stub = JobServiceGrpc.newBlockingStub(api.channel());

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void aJobThatWasCreatedIsReadBackAtOnce() {
    CreateJobResponse created =
        stub.createJob(CreateJobRequest.newBuilder().setSpec(spec(3)).build());

    assertThat(created.getVersion().getValue()).isEqualTo("1-1-1");
    GetJobResponse read =
        stub.getJob(GetJobRequest.newBuilder().setJobId(created.getJobId()).build());
    assertThat(read.getJobInfo().getSpec().getName()).isEqualTo("web");
    assertThat(read.getJobInfo().getSpec().getRevision().getVersion()).isEqualTo(1);
    assertThat(read.getJobInfo().getSpec().getDefaultSpec().getContainers(0).getCommand())
        .satisfies(command -> assertThat(command.getValue()).isEqualTo("serve"));
    assertThat(read.getJobInfo().getStatus().getState()).isEqualTo(JobState.JOB_STATE_INITIALIZED);
    assertThat(read.getJobInfo().getStatus().getPodStatsMap())
        .isEqualTo(java.util.Map.of("POD_STATE_INITIALIZED", 3));
    assertThat(read.hasSummary()).isFalse();
    assertThat(read.hasWorkflowInfo()).isTrue();
    assertThat(
            stub.getJobIDFromJobName(
                    GetJobIDFromJobNameRequest.newBuilder().setJobName("web").build())
                .getJobIdList())
        .containsExactly(created.getJobId());
  }

  @Test
  void aSummaryIsAllThatIsGivenWhenOnlyASummaryIsAskedFor() {
    cluster.createJob(JOB, spec(1).build());

    GetJobResponse read =
        stub.getJob(GetJobRequest.newBuilder().setJobId(id(JOB)).setSummaryOnly(true).build());

    assertThat(read.getSummary().getName()).isEqualTo("web");
    assertThat(read.hasJobInfo()).isFalse();
    assertThat(read.hasWorkflowInfo()).isFalse();
  }

  @Test
  void anEarlierVersionOfTheSpecIsGivenWithoutStatus() {
    CreateJobResponse created = create(spec(3).build());
    EntityVersion second =
        stub.replaceJob(
                ReplaceJobRequest.newBuilder()
                    .setJobId(created.getJobId())
                    .setVersion(created.getVersion())
                    .setSpec(spec(5))
                    .setUpdateSpec(UpdateSpec.newBuilder().setBatchSize(1))
                    .build())
            .getVersion();

    assertThat(second.getValue()).isEqualTo("2-1-2");
    GetJobResponse first = get(created.getJobId(), "1-0-0");
    assertThat(first.getJobInfo().getSpec().getInstanceCount()).isEqualTo(3);
    assertThat(first.getJobInfo().hasStatus()).isFalse();
    assertFails(() -> get(created.getJobId(), "7-0-0"), Status.Code.NOT_FOUND, "version", "[1, 2]");
    assertFails(
        () -> get(created.getJobId(), "seven"),
        Status.Code.INVALID_ARGUMENT,
        "entityVersion has wrong format");
  }

  @Test
  void startStopAndDeleteGoThroughWithTheRightVersion() {
    CreateJobResponse created = create(spec(1).build());
    EntityVersion stopped =
        stub.stopJob(
                StopJobRequest.newBuilder()
                    .setJobId(created.getJobId())
                    .setVersion(created.getVersion())
                    .build())
            .getVersion();
    assertThat(stopped.getValue()).isEqualTo("1-2-1");
    assertFails(
        () ->
            stub.startJob(
                StartJobRequest.newBuilder()
                    .setJobId(created.getJobId())
                    .setVersion(created.getVersion())
                    .build()),
        Status.Code.ABORTED,
        "unexpected entity version");

    stub.deleteJob(
        DeleteJobRequest.newBuilder()
            .setJobId(created.getJobId())
            .setVersion(stopped)
            .setForce(true)
            .build());

    assertThat(
            stub.getJob(GetJobRequest.newBuilder().setJobId(created.getJobId()).build())
                .getJobInfo()
                .getStatus()
                .getDesiredState())
        .isEqualTo(JobState.JOB_STATE_DELETED);
  }

  @Test
  void badInputIsRefusedWithTheFieldAndTheServerGoesOn() {
    assertFails(
        () -> create(spec(200_000).build()),
        Status.Code.INVALID_ARGUMENT,
        "instance_count",
        "200000");
    assertFails(
        () ->
            stub.createJob(
                CreateJobRequest.newBuilder().setJobId(id("no-uuid")).setSpec(spec(1)).build()),
        Status.Code.INVALID_ARGUMENT,
        "no-uuid");
    assertFails(() -> get(id("nobody"), ""), Status.Code.NOT_FOUND, "job_id", "nobody");
    assertFails(
        () ->
            stub.getJobIDFromJobName(
                GetJobIDFromJobNameRequest.newBuilder().setJobName("nobody").build()),
        Status.Code.NOT_FOUND,
        "job_name");

    assertThat(create(spec(1).build()).getVersion().getValue()).isEqualTo("1-1-1");
  }

  @Test
  void everyJobIsListedNewestFirst() {
    cluster.createJob(JOB, spec(1).build());
    cluster.write(
        new RecordKey.JobGoal(OTHER),
        TestCluster.goal(1, 1, 1, 1).setCreatedAt(9_000_000_000L).build());
    assertThat(listJobs())
        .as("a job in pieces")
        .extracting(j -> j.getJobId().getValue())
        .containsExactly(JOB);
    cluster.createJob(OTHER, spec(1).build());
    cluster.write(
        new RecordKey.JobGoal(OTHER),
        TestCluster.goal(1, 1, 1, 1).setCreatedAt(9_000_000_000L).build());

    assertThat(listJobs()).extracting(j -> j.getJobId().getValue()).containsExactly(OTHER, JOB);
  }

  @Test
  void podsAreListedInBatchesWithThoseNeverLaunched() {
    cluster.createJob(JOB, spec(450).build());
    cluster.write(new RecordKey.Pod(JOB, 7), pod(2, PodState.POD_STATE_RUNNING).build());

    List<ListPodsResponse> messages =
        Statuses.all(stub.listPods(ListPodsRequest.newBuilder().setJobId(id(JOB)).build()));

    assertThat(messages).extracting(ListPodsResponse::getPodsCount).containsExactly(200, 200, 50);
    var seventh = messages.get(0).getPods(7);
    assertThat(seventh.getPodName().getValue()).isEqualTo(JOB + "-7");
    assertThat(seventh.getStatus().getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(seventh.getStatus().getPodId().getValue()).isEqualTo(JOB + "-7-2");
    assertThat(messages.get(0).getPods(8).getStatus().getState())
        .isEqualTo(PodState.POD_STATE_INITIALIZED);
  }

  @Test
  void aRangeOfPodsEndsBeforeItsUpperBound() {
    cluster.createJob(JOB, spec(10).build());

    assertThat(podNames(range(3, 5))).containsExactly(JOB + "-3", JOB + "-4");
    assertThat(podNames(range(8, -1))).containsExactly(JOB + "-8", JOB + "-9");
    assertThat(podNames(range(4, 4))).isEmpty();
    assertFails(() -> podNames(range(5, 3)), Status.Code.INVALID_ARGUMENT, "range: from 5");
    assertFails(
        () -> stub.listPods(ListPodsRequest.newBuilder().setJobId(id(OTHER)).build()).hasNext(),
        Status.Code.NOT_FOUND,
        OTHER);
  }

  @Test
  void theCacheSaysWhatTheViewHas() {
    cluster.createJob(JOB, spec(2).build());

    GetJobCacheResponse cached =
        stub.getJobCache(
            GetJobCacheRequest.newBuilder().setJobId(JobID.newBuilder().setValue(JOB)).build());

    assertThat(cached.getSpec().getInstanceCount()).isEqualTo(2);
    assertThat(cached.getStatus()).isEqualTo(cluster.jobs.status(cluster.job(JOB)));
  }

  @Test
  void aJobsSecretsAreNamedAndNotTold() {
    cluster.createJob(JOB, spec(1).build());
    cluster.write(
        new RecordKey.Secret(JOB, "s1"),
        SecretRecord.newBuilder()
            .setId("s1")
            .setPath("/secret")
            .setCiphertext(ByteString.copyFromUtf8("sealed"))
            .build());

    assertThat(
            stub.getJob(
                    GetJobRequest.newBuilder().setJobId(JobID.newBuilder().setValue(JOB)).build())
                .getSecretsList())
        .containsExactly(
            Secret.newBuilder()
                .setSecretId(SecretID.newBuilder().setValue("s1"))
                .setPath("/secret")
                .build());
  }

  @Test
  void headersOfOldClientsAreIgnored() {
    Metadata headers = new Metadata();
    for (String name : List.of("rpc-caller", "rpc-service", "rpc-encoding")) {
      headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), "proto");
      headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), "again");
    }
    cluster.createJob(JOB, spec(1).build());

    GetJobResponse read =
        stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .getJob(GetJobRequest.newBuilder().setJobId(id(JOB)).build());

    assertThat(read.getJobInfo().getJobId()).isEqualTo(id(JOB));
  }

  @Test
  void readsFailOnceTheStoreWasAwayForTooLongAndRecover() {
    cluster.createJob(JOB, spec(1).build());
    cluster.store.unavailable(true);
    cluster.timers.advance(Duration.ofSeconds(9));
    assertThat(get(id(JOB), "").hasJobInfo()).isTrue();

    cluster.timers.advance(Duration.ofSeconds(4));
    assertFails(
        () -> get(id(JOB), ""), Status.Code.UNAVAILABLE, "etcd was last heard of", "10.0 s old");
    assertFails(() -> create(spec(1).build()), Status.Code.UNAVAILABLE, "etcd");

    cluster.store.unavailable(false);
    cluster.timers.advance(Duration.ofSeconds(10));
    assertThat(get(id(JOB), "").hasJobInfo()).isTrue();
  }

  @Test
  void aWriteWhileTheStoreIsAwayFailsAsUnavailable() {
    cluster.store.failNextCommit(false);

    assertFails(() -> create(spec(1).build()), Status.Code.UNAVAILABLE);
  }

  @Test
  void nothingIsAnsweredBeforeTheStoreWasRead() {
    try (TestApi early = new TestApi(new TestCluster())) {
      JobServiceBlockingStub client = JobServiceGrpc.newBlockingStub(early.channel());
      assertFails(
          () -> client.getJob(GetJobRequest.newBuilder().setJobId(id(JOB)).build()),
          Status.Code.UNAVAILABLE,
          "has not read etcd yet");
      assertFails(
          () -> client.createJob(CreateJobRequest.newBuilder().setSpec(spec(1)).build()),
          Status.Code.UNAVAILABLE,
          "has not read etcd yet");
    }
  }

  private CreateJobResponse create(peloton.api.v1alpha.job.stateless.Stateless.JobSpec spec) {
    return stub.createJob(CreateJobRequest.newBuilder().setSpec(spec).build());
  }

  private GetJobResponse get(JobID id, String version) {
    return stub.getJob(
        GetJobRequest.newBuilder()
            .setJobId(id)
            .setVersion(EntityVersion.newBuilder().setValue(version))
            .build());
  }

  private List<JobSummary> listJobs() {
    return Statuses.all(stub.listJobs(ListJobsRequest.getDefaultInstance())).stream()
        .map(ListJobsResponse::getJobsList)
        .flatMap(List::stream)
        .toList();
  }

  private List<String> podNames(InstanceIDRange range) {
    return Statuses.all(
            stub.listPods(ListPodsRequest.newBuilder().setJobId(id(JOB)).setRange(range).build()))
        .stream()
        .flatMap(message -> message.getPodsList().stream())
        .map(pod -> pod.getPodName().getValue())
        .toList();
  }

  private static InstanceIDRange range(int from, int to) {
    return InstanceIDRange.newBuilder().setFrom(from).setTo(to).build();
  }

  private static JobID id(String job) {
    return JobID.newBuilder().setValue(job).build();
  }
}
