package peloton.command.job;

import java.util.List;
import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.EntityVersionConverter;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton job get}. */
@Command(
    name = "get",
    description = {
      "Show one job: its state, pods and workflow.",
      "With -o yaml or -o json everything, the spec included."
    })
public class JobGetCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  @Option(
      names = {"--job-version", "--jobversion"},
      paramLabel = "VERSION",
      converter = EntityVersionConverter.class,
      description = "Show the spec of this version (e.g. 2-1-2) instead; as YAML unless -o json.")
  private EntityVersion version;

  @Option(
      names = {"--summary", "--summaryonly"},
      description = "Ask for the summary only.")
  private boolean summaryOnly;

  /** Made for one run of the program. */
  public JobGetCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    String id = new JobLookup(session.client()).id(job);
    GetJobRequest.Builder request =
        GetJobRequest.newBuilder().setJobId(JobId.toProto(id)).setSummaryOnly(summaryOnly);
    Optional.ofNullable(version).ifPresent(given -> request.setVersion(given.toProto()));
    GetJobResponse response = session.client().jobs().getJob(request.build());
    show(session, response);
  }

  /** Shows it to people in brief. */
  void show(Session session, GetJobResponse response) {
    if (summaryOnly) {
      session
          .printer()
          .results(
              List.of(response.getSummary()),
              () -> JobViews.table(List.of(response.getSummary())),
              "");
    } else if (version != null && session.printer().isForPeople()) {
      session.printer().document(response.getJobInfo().getSpec());
    } else {
      session.printer().result(response, () -> JobViews.describe(response.getJobInfo()));
    }
  }
}
