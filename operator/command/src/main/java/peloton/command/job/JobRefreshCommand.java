package peloton.command.job;

import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton job refresh}. */
@Command(
    name = "refresh",
    description = "Have the server read a job's records again and act on them.")
public final class JobRefreshCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  /** Made for one run of the program. */
  public JobRefreshCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    String id = new JobLookup(session.client()).id(job);
    RefreshJobResponse response =
        session
            .client()
            .jobs()
            .refreshJob(RefreshJobRequest.newBuilder().setJobId(JobId.toProto(id)).build());
    session.printer().result(response, () -> "Job refreshed");
  }
}
