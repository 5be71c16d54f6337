package peloton.command.job;

import java.time.Duration;
import java.util.List;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.DurationConverter;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton job status}. */
@Command(
    name = "status",
    description = {
      "Show how far a job's workflow is, its pods by state, and which pods fail and why.",
      "With --watch until the workflow is over, and exit by its result."
    })
public final class JobStatusCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  @Option(
      names = {"-w", "--watch"},
      description = "Follow the job until its workflow is over.")
  private boolean watch;

  @Option(
      names = "--watch-timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "24h",
      description = "With --watch: give up after this long; default ${DEFAULT-VALUE}.")
  private Duration limit;

  /** Made for one run of the program. */
  public JobStatusCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    JobLookup lookup = new JobLookup(session.client());
    String id = lookup.id(job);
    if (watch) {
      Rollout.system(session.client(), limit).awaitCurrent(id, progress(session));
      return;
    }
    JobSummary summary =
        lookup
            .summary(id)
            .orElseThrow(() -> CommandException.refused("NOT_FOUND: no job has the id " + id));
    session
        .printer()
        .result(
            summary,
            () -> {
              List<String> failing =
                  new Stragglers(session.client(), id, System::nanoTime).now(summary.getStatus());
              return String.join(System.lineSeparator(), JobViews.picture(summary, failing));
            });
  }

  private static Rollout.Progress progress(Session session) {
    return session.printer().isForPeople()
        ? new ProgressView(session.console(), session.console().out())
        : new ProgressStream(session);
  }
}
