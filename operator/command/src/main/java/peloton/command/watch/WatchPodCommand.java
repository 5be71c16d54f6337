package peloton.command.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.watch.Watch.PodFilter;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.JobLookup;
import peloton.command.client.PodLookup;
import peloton.command.client.Session;
import peloton.command.pod.PodViews;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code peloton watch pod}. */
@Command(name = "pod", description = "Follow changes of pods.")
public final class WatchPodCommand extends ClientCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "JOB",
      description = "The job's id, or its name; default: every job.")
  private String job;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "POD",
      description = "Names of pods of the job; default: all of them.")
  private List<String> pods = List.of();

  @Mixin private WatchOptions options;

  /** Made for one run of the program. */
  public WatchPodCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    PodFilter.Builder filter = PodFilter.newBuilder().addAllLabels(options.labels());
    Optional.ofNullable(job)
        .map(new JobLookup(session.client())::id)
        .ifPresent(id -> filter.setJobId(JobId.toProto(id)));
    pods.forEach(pod -> filter.addPodNames(new PodLookup(session.client()).name(pod)));
    WatchRequest request =
        WatchRequest.newBuilder().setStartRevision(options.from()).setPodFilter(filter).build();
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
        .getPodsList()
        .forEach(pod -> lines.add(response.getRevision() + "  " + PodViews.line(pod)));
    response
        .getPodsNotFoundList()
        .forEach(
            name -> lines.add(response.getRevision() + "  " + name.getValue() + "  NOT FOUND"));
    return lines;
  }
}
