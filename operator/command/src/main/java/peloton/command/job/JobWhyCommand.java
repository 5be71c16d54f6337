package peloton.command.job;

import java.util.ArrayList;
import java.util.List;
import peloton.api.ids.JobId;
import peloton.api.operator.v1.GetWaitingRequest;
import peloton.api.operator.v1.GetWaitingResponse;
import peloton.api.operator.v1.WaitingPods;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.InstanceRanges;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import peloton.command.client.WaitingViews;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton job why}. */
@Command(
    name = "why",
    description = {
      "Say why pods of a job wait: for each reason the instances, the stage, how many hosts failed",
      "which test, and what would help. Pods that have waited for some seconds only."
    })
public final class JobWhyCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  /** Made for one run of the program. */
  public JobWhyCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    String id = new JobLookup(session.client()).id(job);
    GetWaitingResponse response =
        session
            .client()
            .placement()
            .getWaiting(GetWaitingRequest.newBuilder().setJobId(JobId.toProto(id)).build());
    session.printer().result(response, () -> text(response));
  }

  private static String text(GetWaitingResponse response) {
    if (response.getWaitingCount() == 0) {
      return "No pod of the job has waited for long";
    }
    List<String> lines = new ArrayList<>();
    for (WaitingPods pods : response.getWaitingList()) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.add(
          "Waiting:  "
              + InstanceRanges.count(pods.getInstancesList())
              + " (instances "
              + InstanceRanges.show(pods.getInstancesList())
              + ")");
      lines.addAll(WaitingViews.lines(pods));
    }
    return String.join(System.lineSeparator(), lines);
  }
}
