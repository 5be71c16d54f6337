package peloton.command.job;

import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.command.client.Numbers;
import peloton.command.client.Session;
import peloton.command.spec.JobSpecFile;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What both ways to create a job share. */
final class JobCreator {
  @Mixin private WorkflowOptions workflow;
  @Mixin private WaitOptions wait;

  @Option(
      names = {"-i", "--job-id", "--jobID"},
      paramLabel = "UUID",
      description = "The job's id; default: the server makes one.")
  private String jobId;

  @Mixin private SecretOptions secrets;

  void run(Session session, String file, Optional<String> respool, Optional<Integer> batchSize) {
    JobSpecFile spec = SpecOptions.single(session, file);
    int batch =
        batchSize.map(n -> Numbers.notNegative("BATCH-SIZE", n)).orElseGet(workflow::batchSize);
    CreateJobRequest.Builder request =
        CreateJobRequest.newBuilder()
            .setCreateSpec(
                CreateSpec.newBuilder()
                    .setBatchSize(batch)
                    .setMaxInstanceRetries(workflow.maxInstanceRetries())
                    .setMaxTolerableInstanceFailures(workflow.maxTolerableInstanceFailures())
                    .setStartPaused(workflow.startPaused()))
            .setOpaqueData(workflow.opaqueData());
    secrets.secret().ifPresent(request::addSecrets);
    Optional.ofNullable(jobId).ifPresent(id -> request.setJobId(JobId.toProto(id)));
    request.setSpec(SpecOptions.withPool(session, spec, respool, Optional.empty()));
    CreateJobResponse response = session.client().jobs().createJob(request.build());
    String id = response.getJobId().getValue();
    session
        .printer()
        .result(
            response,
            () -> "Job " + id + " created. Entity Version: " + response.getVersion().getValue());
    wait.follow(session, id, EntityVersion.parse(response.getVersion().getValue()));
  }
}
