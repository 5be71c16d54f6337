package peloton.command.job;

import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobWorkflowsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobWorkflowsResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.JobLookup;
import peloton.command.client.Numbers;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton job list-updates}. */
@Command(
    name = "list-updates",
    aliases = {"list-workflows"},
    description = {
      "List a job's workflows, newest first.",
      "With -o yaml or -o json everything, their events included."
    })
public final class JobUpdatesCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "10",
      description = "The most workflows to show; 0: all that are kept; default 10.")
  private int limit;

  @Option(
      names = "--instance-events",
      description = "With -o yaml or -o json: the events of each instance too.")
  private boolean instanceEvents;

  @Option(
      names = "--instance-events-limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "The most events of each instance; 0 (default): all.")
  private int instanceEventsLimit;

  /** Made for one run of the program. */
  public JobUpdatesCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    ListJobWorkflowsRequest.Builder request =
        ListJobWorkflowsRequest.newBuilder()
            .setUpdatesLimit(Numbers.notNegative("--limit", limit))
            .setInstanceEvents(instanceEvents)
            .setInstanceEventsLimit(
                Numbers.notNegative("--instance-events-limit", instanceEventsLimit));
    request.setJobId(JobId.toProto(new JobLookup(session.client()).id(job)));
    ListJobWorkflowsResponse response = session.client().jobs().listJobWorkflows(request.build());
    session
        .printer()
        .page(
            response,
            () -> WorkflowViews.table(response.getWorkflowInfosList()),
            "No results found",
            "");
  }
}
