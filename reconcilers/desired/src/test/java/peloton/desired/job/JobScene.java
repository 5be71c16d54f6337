package peloton.desired.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.desired.ApiException;
import peloton.desired.DesiredFixture;
import peloton.desired.secret.SecretBox;
import peloton.records.PodRecord;
import peloton.records.ResourcePoolRecord;
import peloton.records.WorkflowRequestRecord;
import peloton.records.WorkflowStatusRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;

/** One job in one pool: makes it, plays the loops' part, and looks at its records. */
public final class JobScene {
  public static final String JOB = "6f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f11";
  public static final String POOL = "7f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f22";

  public final DesiredFixture fixture;
  public final JobWriter writer;

  public JobScene() {
    this(new DesiredFixture(), Optional.empty());
  }

  public JobScene(DesiredFixture fixture, Optional<SecretBox> secrets) {
    this.fixture = fixture;
    this.writer = new JobWriter(fixture.desired, fixture.keys, fixture.clock(), secrets);
    ResourcePoolRecord.Builder pool = ResourcePoolRecord.newBuilder().setId(POOL);
    pool.getSpecBuilder().setName("web").getParentBuilder().setValue("root");
    fixture.put(new RecordKey.Pool(POOL), pool.build());
  }

  /** Creates the job of three instances; its version is 1-1-1. */
  public void create(Consumer<JobSpec.Builder> change) {
    CreateJobRequest.Builder request = CreateJobRequest.newBuilder().setJobId(id());
    JobSpec.Builder spec = Specs.job(POOL).toBuilder();
    change.accept(spec);
    fixture.answer(writer.create(request.setSpec(spec).build()));
  }

  /** A job whose creation is over and whose pods all run. */
  public void createAndRun() {
    createAndRun(spec -> {});
  }

  public void createAndRun(Consumer<JobSpec.Builder> change) {
    create(change);
    workflowIs(1, WorkflowState.WORKFLOW_STATE_SUCCEEDED);
    for (int instance = 0; instance < job().currentSpec().getInstanceCount(); instance++) {
      pod(instance, pod -> {});
    }
  }

  public String replace(String version, Consumer<ReplaceJobRequest.Builder> change) {
    return fixture.answer(writer.replace(replaceRequest(version, change))).getVersion().getValue();
  }

  public static ReplaceJobRequest replaceRequest(
      String version, Consumer<ReplaceJobRequest.Builder> change) {
    ReplaceJobRequest.Builder request =
        ReplaceJobRequest.newBuilder()
            .setJobId(id())
            .setVersion(version(version))
            .setSpec(Specs.job(POOL))
            .setUpdateSpec(UpdateSpec.newBuilder().setBatchSize(1));
    change.accept(request);
    return request.build();
  }

  public void stop() {
    fixture.answer(
        writer.stop(
            StopJobRequest.newBuilder().setJobId(id()).setVersion(version(version())).build()));
  }

  public void start() {
    fixture.answer(
        writer.start(
            StartJobRequest.newBuilder().setJobId(id()).setVersion(version(version())).build()));
  }

  public void delete() {
    fixture.answer(
        writer.delete(
            DeleteJobRequest.newBuilder()
                .setJobId(id())
                .setVersion(version(version()))
                .setForce(true)
                .build()));
  }

  /** What the loops write when a workflow comes to a state. */
  public void workflowIs(long number, WorkflowState state) {
    fixture.put(
        new RecordKey.WorkflowStatus(JOB, number),
        WorkflowStatusRecord.newBuilder().setNumber(number).setState(state).build());
  }

  /** What the loops write of an instance: run 1 on version 1, running, unless changed. */
  public void pod(int instance, Consumer<PodRecord.Builder> change) {
    PodRecord.Builder pod =
        PodRecord.newBuilder()
            .setRun(1)
            .setState(PodState.POD_STATE_RUNNING)
            .setHealth(HealthState.HEALTH_STATE_DISABLED)
            .setVersion(1)
            .setDesiredVersion(1)
            .setDesiredRun(1);
    change.accept(pod);
    fixture.put(new RecordKey.Pod(JOB, instance), pod.build());
  }

  public void poolGoes() {
    fixture.deleteBelow(new RecordKey.Pool(POOL).path());
  }

  public JobEntry job() {
    return fixture.records().job(JOB);
  }

  /** The workflow in force. */
  public WorkflowRequestRecord workflow() {
    return job().workflowRequests().get(job().goal().getWorkflow());
  }

  public String version() {
    return JobVersions.of(job().goal()).toString();
  }

  /** Unix nanoseconds. */
  public long now() {
    Instant now = fixture.clock().instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  public static Peloton.JobID id() {
    return Peloton.JobID.newBuilder().setValue(JOB).build();
  }

  public static Peloton.EntityVersion version(String version) {
    return Peloton.EntityVersion.newBuilder().setValue(version).build();
  }

  public void assertRefused(CompletableFuture<?> request, ApiException.Code code, String message) {
    ApiException refusal = fixture.refusal(request);
    assertThat(refusal).hasMessageContaining(message);
    assertThat(refusal.code()).isEqualTo(code);
  }
}
