package peloton.command.job;

import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton job start}. */
@Command(name = "start", description = "Start a job's pods that are not running.")
public final class JobStartCommand extends ClientCommand {
  @Mixin private JobChange change;

  /** Made for one run of the program. */
  public JobStartCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    StartJobResponse response =
        change.run(
            session,
            (job, version) ->
                session
                    .client()
                    .jobs()
                    .startJob(
                        StartJobRequest.newBuilder()
                            .setJobId(JobId.toProto(job))
                            .setVersion(version.toProto())
                            .build()));
    session
        .printer()
        .result(
            response, () -> "Job started. New EntityVersion: " + response.getVersion().getValue());
  }
}
