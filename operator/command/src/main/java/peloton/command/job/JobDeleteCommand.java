package peloton.command.job;

import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code peloton job delete}. */
@Command(
    name = "delete",
    description = "Delete a job that is stopped and all that is stored about it.")
public final class JobDeleteCommand extends ClientCommand {
  @Mixin private JobChange change;

  @Option(
      names = {"-f", "--force"},
      description = "Stop its pods first if there are any.")
  private boolean force;

  /** Made for one run of the program. */
  public JobDeleteCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    DeleteJobResponse response =
        change.run(
            session,
            (job, version) ->
                session
                    .client()
                    .jobs()
                    .deleteJob(
                        DeleteJobRequest.newBuilder()
                            .setJobId(JobId.toProto(job))
                            .setVersion(version.toProto())
                            .setForce(force)
                            .build()));
    session.printer().result(response, () -> "Job deleted");
  }
}
