package peloton.command.pod;

import java.util.List;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsResponse;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.QuerySpec;
import peloton.api.v1alpha.query.Query.PaginationSpec;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.EnumNames;
import peloton.command.client.JobLookup;
import peloton.command.client.PelotonLetters;
import peloton.command.client.PodLookup;
import peloton.command.client.QueryOptions;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton pod query}. */
@Command(
    name = "query",
    modelTransformer = PelotonLetters.class,
    description = "Find pods of a job by state, name or host.")
public final class PodQueryCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  @Option(
      names = "--states",
      paramLabel = "STATE",
      split = ",",
      description = "Only pods in one of these, e.g. running,failed.")
  private List<String> states = List.of();

  @Option(
      names = "--names",
      paramLabel = "POD",
      split = ",",
      description = "Only these pods: JOB-INSTANCE, where JOB is the job's id or name.")
  private List<String> names = List.of();

  @Option(
      names = "--hosts",
      paramLabel = "HOST",
      split = ",",
      description = "Only pods on one of these.")
  private List<String> hosts = List.of();

  @Mixin private QueryOptions page;

  /** Made for one run of the program. */
  public PodQueryCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    PaginationSpec pagination = page.page("", QueryOptions.Direction.ASC).build();
    QuerySpec.Builder query =
        QuerySpec.newBuilder()
            .setPagination(pagination)
            .addAllPodStates(EnumNames.parse("state", PodState.class, "POD_STATE_", states))
            .addAllHosts(hosts);
    PodLookup lookup = new PodLookup(session.client());
    names.forEach(name -> query.addNames(lookup.name(name)));
    QueryPodsResponse response =
        session
            .client()
            .jobs()
            .queryPods(
                QueryPodsRequest.newBuilder()
                    .setJobId(JobId.toProto(new JobLookup(session.client()).id(job)))
                    .setSpec(query)
                    // The answer repeats this one.
                    .setPagination(pagination)
                    .setSummaryOnly(session.printer().isForPeople())
                    .build());
    session
        .printer()
        .page(
            response,
            () -> PodViews.found(response.getPodsList(), session.console().clock().instant()),
            "No pods found",
            QueryOptions.rest(response.getPagination(), response.getPodsCount()));
  }
}
