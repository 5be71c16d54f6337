package peloton.command.job;

import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobResponse;
import peloton.command.CommandException;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import peloton.command.client.VersionedCall;
import peloton.command.spec.JobSpecFile;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What both ways to replace a job share. */
final class JobReplacer {
  @Mixin private WorkflowOptions workflow;
  @Mixin private WaitOptions wait;

  @Option(
      names = {"--override"},
      description = "Take the job's current version, read again if it changes in between.")
  private boolean override;

  @Option(
      names = {"--rollback-on-failure", "--rollbackOnFailure"},
      description = "Go back to the version before if the rollout fails.")
  private boolean rollbackOnFailure;

  @Option(names = "--in-place", description = "Try to keep each pod on its host.")
  private boolean inPlace;

  @Option(names = "--start-pods", description = "Start stopped pods too.")
  private boolean startPods;

  void run(
      Session session,
      String job,
      String file,
      Optional<String> respool,
      Optional<EntityVersion> version,
      Optional<Integer> batchSize) {
    if (version.isPresent() == override) {
      throw CommandException.usage(
          override
              ? "give either an entity version or --override, not both"
              : "say which version you replace (ENTITY-VERSION, from `peloton job get`),"
                  + " or --override for whatever it is now");
    }
    JobSpecFile specFile = SpecOptions.single(session, file);
    int batch =
        batchSize.map(n -> Numbers.notNegative("BATCH-SIZE", n)).orElseGet(workflow::batchSize);
    UpdateSpec update =
        UpdateSpec.newBuilder()
            .setBatchSize(batch)
            .setMaxInstanceRetries(workflow.maxInstanceRetries())
            .setMaxTolerableInstanceFailures(workflow.maxTolerableInstanceFailures())
            .setStartPaused(workflow.startPaused())
            .setRollbackOnFailure(rollbackOnFailure)
            .setInPlace(inPlace)
            .setStartPods(startPods)
            .build();
    JobLookup lookup = new JobLookup(session.client());
    String id = lookup.id(job);
    JobSpec spec =
        SpecOptions.withPool(
            session, specFile, respool, currentSpec(session, id, specFile, respool));
    ReplaceJobRequest.Builder request =
        ReplaceJobRequest.newBuilder()
            .setJobId(JobId.toProto(id))
            .setSpec(spec)
            .setUpdateSpec(update)
            .setOpaqueData(workflow.opaqueData());
    ReplaceJobResponse response =
        VersionedCall.run(
            lookup,
            id,
            version,
            current ->
                session.client().jobs().replaceJob(request.setVersion(current.toProto()).build()));
    session
        .printer()
        .result(response, () -> "New EntityVersion: " + response.getVersion().getValue());
    wait.follow(session, id, EntityVersion.parse(response.getVersion().getValue()));
  }

  /** A job cannot change its pool, so a spec that names none means the pool that the job is in. */
  private static Optional<JobSpec> currentSpec(
      Session session, String id, JobSpecFile file, Optional<String> respool) {
    if (respool.or(file::respool).isPresent() || file.spec().hasRespoolId()) {
      return Optional.empty();
    }
    return Optional.of(
        session
            .client()
            .jobs()
            .getJob(GetJobRequest.newBuilder().setJobId(JobId.toProto(id)).build())
            .getJobInfo()
            .getSpec());
  }
}
