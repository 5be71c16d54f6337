package peloton.command.job;

import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobCacheRequest;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton job cache}. */
@Command(
    name = "cache",
    description = "Show a job's spec and status as the server holds them in memory, as YAML.")
public final class JobCacheCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  /** Made for one run of the program. */
  public JobCacheCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    String id = new JobLookup(session.client()).id(job);
    session
        .printer()
        .document(
            session
                .client()
                .jobs()
                .getJobCache(GetJobCacheRequest.newBuilder().setJobId(JobId.toProto(id)).build()));
  }
}
