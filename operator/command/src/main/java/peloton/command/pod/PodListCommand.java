package peloton.command.pod;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import peloton.api.ids.JobId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsRequest;
import peloton.api.v1alpha.pod.Pod.PodSummary;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.InstanceRanges;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton pod list}. */
@Command(name = "list", description = "List the pods of a job by instance.")
public class PodListCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  @Option(
      names = {"-r", "--range"},
      paramLabel = "FROM:TO",
      description = "Only these instances, TO not included, e.g. 0:10.")
  private String range;

  /** Made for one run of the program. */
  public PodListCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    ListPodsRequest.Builder request = ListPodsRequest.newBuilder();
    if (range != null) {
      request.setRange(InstanceRanges.parse("--range", range));
    }
    request.setJobId(JobId.toProto(new JobLookup(session.client()).id(job)));
    List<PodSummary> pods = new ArrayList<>();
    session
        .client()
        .jobs()
        .listPods(request.build())
        .forEachRemaining(response -> pods.addAll(response.getPodsList()));
    pods.sort(
        Comparator.comparingInt(pod -> PodName.parse(pod.getPodName().getValue()).instance()));
    session
        .printer()
        .results(
            pods, () -> PodViews.table(pods, session.console().clock().instant()), "No pods found");
  }
}
