package peloton.command.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsRequest;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;

/** {@code peloton job list}. */
@Command(name = "list", description = "List every job, oldest first.")
public final class JobListCommand extends ClientCommand {
  /** Made for one run of the program. */
  public JobListCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    List<JobSummary> jobs = new ArrayList<>();
    session
        .client()
        .jobs()
        .listJobs(ListJobsRequest.getDefaultInstance())
        .forEachRemaining(response -> jobs.addAll(response.getJobsList()));
    jobs.sort(
        Comparator.comparing((JobSummary job) -> job.getStatus().getCreationTime())
            .thenComparing(job -> job.getJobId().getValue()));
    session.printer().results(jobs, () -> JobViews.table(jobs), "No results found");
  }
}
