package peloton.command.watch;

import java.util.ArrayList;
import java.util.List;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.watch.Watch.StatelessJobFilter;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import peloton.command.job.JobViews;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code peloton watch job}. */
@Command(name = "job", description = "Follow changes of jobs.")
public final class WatchJobCommand extends ClientCommand {
  @Parameters(arity = "0..*", paramLabel = "JOB", description = "Ids or names; default: every job.")
  private List<String> jobs = List.of();

  @Mixin private WatchOptions options;

  /** Made for one run of the program. */
  public WatchJobCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    JobLookup lookup = new JobLookup(session.client());
    StatelessJobFilter.Builder filter =
        StatelessJobFilter.newBuilder().addAllLabels(options.labels());
    jobs.forEach(job -> filter.addJobIds(JobId.toProto(lookup.id(job))));
    WatchRequest request =
        WatchRequest.newBuilder()
            .setStartRevision(options.from())
            .setStatelessJobFilter(filter)
            .build();
    new ResumingWatch(session.client(), request, session.console().err()::println)
        .run(
            response -> {
              session.printer().streamed(response, () -> lines(response));
              return !session.console().out().checkError();
            });
  }

  private static List<String> lines(WatchResponse response) {
    List<String> lines = new ArrayList<>();
    response
        .getStatelessJobsList()
        .forEach(job -> lines.add(response.getRevision() + "  " + JobViews.line(job)));
    response
        .getStatelessJobsNotFoundList()
        .forEach(id -> lines.add(response.getRevision() + "  " + id.getValue() + "  NOT FOUND"));
    return lines;
  }
}
