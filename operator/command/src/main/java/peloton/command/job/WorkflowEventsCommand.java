package peloton.command.job;

import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetWorkflowEventsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetWorkflowEventsResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.JobLookup;
import peloton.command.client.Numbers;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton job workflow events}. */
@Command(
    name = "events",
    description = "Show what the current or last workflow did to one instance, newest first.")
public final class WorkflowEventsCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  @Parameters(index = "1", paramLabel = "INSTANCE", description = "Its number, from 0.")
  private int instance;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "0",
      description = "The most events to ask for; 0 (default): all.")
  private int limit;

  /** Made for one run of the program. */
  public WorkflowEventsCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    GetWorkflowEventsRequest.Builder request =
        GetWorkflowEventsRequest.newBuilder()
            .setInstanceId(Numbers.notNegative("INSTANCE", instance))
            .setLimit(Numbers.notNegative("--limit", limit));
    request.setJobId(JobId.toProto(new JobLookup(session.client()).id(job)));
    GetWorkflowEventsResponse response = session.client().jobs().getWorkflowEvents(request.build());
    session
        .printer()
        .page(
            response, () -> WorkflowViews.events(response.getEventsList()), "No results found", "");
  }
}
