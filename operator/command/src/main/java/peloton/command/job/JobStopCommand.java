package peloton.command.job;

import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton job stop}. */
@Command(
    name = "stop",
    description = "Stop all pods of a job; the job stays and can be started again.")
public final class JobStopCommand extends ClientCommand {
  @Mixin private JobChange change;

  /** Made for one run of the program. */
  public JobStopCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    StopJobResponse response =
        change.run(
            session,
            (job, version) ->
                session
                    .client()
                    .jobs()
                    .stopJob(
                        StopJobRequest.newBuilder()
                            .setJobId(JobId.toProto(job))
                            .setVersion(version.toProto())
                            .build()));
    session
        .printer()
        .result(
            response, () -> "Job stopped. New EntityVersion: " + response.getVersion().getValue());
  }
}
