package peloton.command.job;

import java.time.Duration;
import peloton.api.ids.EntityVersion;
import peloton.command.client.DurationConverter;
import peloton.command.client.Session;
import picocli.CommandLine.Option;

/** {@code --wait}: following a workflow to its end. */
final class WaitOptions {
  @Option(
      names = {"-w", "--wait"},
      description = "Follow the rollout, and exit by its result.")
  private boolean wait;

  @Option(
      names = "--wait-timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "10m",
      description = "With --wait: give up after this long; default ${DEFAULT-VALUE}.")
  private Duration limit;

  /** Returns when the workflow of that version has succeeded; at once without {@code --wait}. */
  void follow(Session session, String job, EntityVersion version) {
    if (wait) {
      Rollout.Progress progress = new ProgressView(session.console(), session.console().err());
      Rollout.system(session.client(), limit).await(job, version, progress);
    }
  }
}
