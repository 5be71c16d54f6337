package peloton.command.pod;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import peloton.api.ids.JobId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsRequest;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.Pod.PodSummary;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton pod list}. */
@Command(name = "list", description = "List the pods of a job by instance.")
public class PodListCommand extends ClientCommand {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})?:(\\d{1,9})?");

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
      request.setRange(parse(range));
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

  private static InstanceIDRange parse(String text) {
    Matcher matcher = RANGE.matcher(text);
    if (!matcher.matches() || text.equals(":")) {
      throw CommandException.usage("--range must be FROM:TO, e.g. 0:10, found \"" + text + "\"");
    }
    int from = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
    int to = matcher.group(2) == null ? Integer.MAX_VALUE : Integer.parseInt(matcher.group(2));
    if (to <= from) {
      throw CommandException.usage(
          "--range holds no instance: from " + from + " up to, not including, " + to);
    }
    return InstanceIDRange.newBuilder().setFrom(from).setTo(to).build();
  }
}
