package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.spec;
import static peloton.operator.grpc.Statuses.assertFails;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton.EntityVersion;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.operator.TestCluster;
import peloton.records.OwnerRecord;
import peloton.store.view.RecordKey;

class OwnerTest {
  private static final OwnerRecord OWNER =
      OwnerRecord.newBuilder()
          .setCluster("east")
          .setKind("StatelessJob")
          .setNamespace("shop")
          .setName("web")
          .setUid("1")
          .build();

  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);
  private final JobServiceGrpc.JobServiceBlockingStub jobs =
      JobServiceGrpc.newBlockingStub(api.channel());

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void aWriteOfWhatBelongsToAResourceIsRefusedUnlessForced() {
    cluster.createJob(JOB, spec(1).build());
    cluster.write(
        new RecordKey.JobGoal(JOB), cluster.job(JOB).goal().toBuilder().setOwner(OWNER).build());

    assertFails(
        () -> jobs.stopJob(stop()),
        Status.Code.FAILED_PRECONDITION,
        "belongs to StatelessJob shop/web (cluster east)",
        "peloton-force");
    assertThat(cluster.job(JOB).goal().getGoal()).isEqualTo(JobState.JOB_STATE_RUNNING);

    Metadata force = new Metadata();
    force.put(Metadata.Key.of("peloton-force", Metadata.ASCII_STRING_MARSHALLER), "true");
    jobs.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(force)).stopJob(stop());
    assertThat(cluster.job(JOB).goal().getGoal()).isEqualTo(JobState.JOB_STATE_KILLED);
    assertThat(cluster.job(JOB).goal().getOwner()).isEqualTo(OWNER);
  }

  private static StopJobRequest stop() {
    return StopJobRequest.newBuilder()
        .setJobId(JobID.newBuilder().setValue(JOB))
        .setVersion(EntityVersion.newBuilder().setValue("1-1-1"))
        .build();
  }
}
