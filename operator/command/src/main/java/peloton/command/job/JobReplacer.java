package peloton.command.job;

import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
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
  @Mixin private UpdateOptions options;
  @Mixin private WaitOptions wait;

  @Option(
      names = {"--override"},
      description = "Take the job's current version, read again if it changes in between.")
  private boolean override;

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
    UpdateSpec update = options.spec(batchSize);
    JobLookup lookup = new JobLookup(session.client());
    String id = lookup.id(job);
    JobSpec spec = SpecOptions.withPoolOfJob(session, specFile, respool, id);
    ReplaceJobRequest.Builder request =
        ReplaceJobRequest.newBuilder()
            .setJobId(JobId.toProto(id))
            .setSpec(spec)
            .setUpdateSpec(update)
            .setOpaqueData(options.opaqueData());
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
}
