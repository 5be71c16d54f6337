package peloton.command.job;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.QuerySpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryJobsResponse;
import peloton.api.v1alpha.peloton.Peloton.TimeRange;
import peloton.api.v1alpha.respool.Respool.ResourcePoolPath;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.EnumNames;
import peloton.command.client.Labels;
import peloton.command.client.Numbers;
import peloton.command.client.QueryOptions;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code peloton job query}. */
@Command(
    name = "query",
    description = "Find jobs that meet every condition; newest first unless --sort is given.")
public class JobQueryCommand extends ClientCommand {
  /** The server's clock may be ahead of this machine's. */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofHours(1);

  @Option(
      names = {"-l", "--labels"},
      paramLabel = "KEY=VALUE",
      split = ",",
      description = "Only jobs with all of these labels.")
  private Map<String, String> labels = Map.of();

  @Option(
      names = {"-r", "--respool"},
      paramLabel = "PATH",
      description = "Only jobs in this resource pool.")
  private String respool;

  @Option(
      names = {"-k", "--keywords"},
      paramLabel = "WORD",
      split = ",",
      description = "Only jobs with all of these in name, owner, labels or description.")
  private List<String> keywords = List.of();

  @Option(
      names = "--states",
      paramLabel = "STATE",
      split = ",",
      description = "Only jobs in one of these, e.g. running,killed.")
  private List<String> states = List.of();

  @Option(names = "--owner", paramLabel = "NAME", description = "Only jobs of this owner.")
  private String owner;

  @Option(names = "--name", paramLabel = "TEXT", description = "Only jobs with this in their name.")
  private String name;

  @Option(
      names = {"-d", "--days"},
      paramLabel = "N",
      defaultValue = "0",
      description = "Only jobs created in the last N days; 0 (default): whenever.")
  private int days;

  @Option(
      names = {"-q", "--total"},
      paramLabel = "N",
      defaultValue = "100",
      description = "The most jobs that are looked at in all; default ${DEFAULT-VALUE}.")
  private int total;

  @Mixin private QueryOptions page;

  /** Made for one run of the program. */
  public JobQueryCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    QuerySpec.Builder query =
        QuerySpec.newBuilder()
            .setPagination(
                page.page("creation_time", QueryOptions.Direction.DESC)
                    .setMaxLimit(Numbers.notNegative("--total", total)))
            .addAllLabels(Labels.of(labels))
            .addAllKeywords(keywords)
            .addAllJobStates(EnumNames.parse("state", JobState.class, "JOB_STATE_", states));
    Optional.ofNullable(respool)
        .ifPresent(path -> query.setRespool(ResourcePoolPath.newBuilder().setValue(path)));
    Optional.ofNullable(owner).ifPresent(query::setOwner);
    Optional.ofNullable(name).ifPresent(query::setName);
    if (Numbers.notNegative("--days", days) > 0) {
      query.setCreationTimeRange(last(days, session.console().clock().instant()));
    }
    QueryJobsResponse response =
        session.client().jobs().queryJobs(QueryJobsRequest.newBuilder().setSpec(query).build());
    session
        .printer()
        .page(
            response,
            () -> JobViews.table(response.getRecordsList()),
            "No results found",
            QueryOptions.rest(response.getPagination(), response.getRecordsCount()));
  }

  private static TimeRange last(int days, Instant now) {
    return TimeRange.newBuilder()
        .setMin(timestamp(now.minus(Duration.ofDays(days))))
        .setMax(timestamp(now.plus(CLOCK_DIFFERENCE)))
        .build();
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
