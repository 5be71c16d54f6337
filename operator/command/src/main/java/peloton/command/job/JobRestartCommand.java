package peloton.command.job;

import java.util.List;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.InstanceRanges;
import peloton.command.client.Numbers;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code peloton job restart}. */
@Command(
    name = "restart",
    description = "Restart a job's pods by batches, and start those that are stopped.")
public final class JobRestartCommand extends ClientCommand {
  @Mixin private JobChange change;
  @Mixin private OpaqueOption opaque;
  @Mixin private WaitOptions wait;

  @Option(
      names = {"-r", "--range", "--instanceRange"},
      paramLabel = "FROM:TO",
      split = ",",
      description = "Only these instances, TO not included, e.g. 0:10; may be given again.")
  private List<String> ranges = List.of();

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      defaultValue = "0",
      description = "How many instances at a time; 0 (default): all at once.")
  private int batchSize;

  @Option(names = "--in-place", description = "Try to keep each pod on its host.")
  private boolean inPlace;

  /** Made for one run of the program. */
  public JobRestartCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    RestartSpec.Builder spec =
        RestartSpec.newBuilder()
            .setBatchSize(Numbers.notNegative("--batch-size", batchSize))
            .setInPlace(inPlace);
    ranges.forEach(range -> spec.addRanges(InstanceRanges.parse("--range", range)));
    RestartJobRequest.Builder request = RestartJobRequest.newBuilder().setRestartSpec(spec);
    opaque.data().ifPresent(request::setOpaqueData);
    RestartJobResponse response =
        change.run(
            session,
            (job, version) ->
                session
                    .client()
                    .jobs()
                    .restartJob(
                        request
                            .setJobId(JobId.toProto(job))
                            .setVersion(version.toProto())
                            .build()));
    session
        .printer()
        .result(
            response,
            () -> "Job restarted. New EntityVersion: " + response.getVersion().getValue());
    wait.follow(
        session,
        request.getJobId().getValue(),
        EntityVersion.parse(response.getVersion().getValue()));
  }
}
