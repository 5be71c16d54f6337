package peloton.command.job;

import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.EntityVersionConverter;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import peloton.command.client.VersionedCall;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code peloton job patch}. */
@Command(
    name = "patch",
    description = {
      "Change the fields of a job's spec that a YAML file names, and roll the job over.",
      "All other fields stay as they are."
    })
public final class JobPatchCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  @Parameters(index = "1", paramLabel = "SPEC", description = "A YAML file; - for standard input.")
  private String file;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "ENTITY-VERSION",
      converter = EntityVersionConverter.class,
      description = {
        "Patch the job only if this is its version, e.g. 1-1-1;",
        "without it, whatever its version is now."
      })
  private EntityVersion version;

  @Mixin private UpdateOptions options;
  @Mixin private WaitOptions wait;

  /** Made for one run of the program. */
  public JobPatchCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    UpdateSpec update = options.spec(Optional.empty());
    JobSpec patch =
        SpecOptions.withPool(
            session, SpecOptions.single(session, file), Optional.empty(), Optional.empty());
    JobLookup lookup = new JobLookup(session.client());
    String id = lookup.id(job);
    PatchJobRequest.Builder request =
        PatchJobRequest.newBuilder()
            .setJobId(JobId.toProto(id))
            .setSpec(patch)
            .setUpdateSpec(update)
            .setOpaqueData(options.opaqueData());
    PatchJobResponse response =
        VersionedCall.run(
            lookup,
            id,
            Optional.ofNullable(version),
            current ->
                session.client().jobs().patchJob(request.setVersion(current.toProto()).build()));
    session
        .printer()
        .result(response, () -> "New EntityVersion: " + response.getVersion().getValue());
    wait.follow(session, id, EntityVersion.parse(response.getVersion().getValue()));
  }
}
