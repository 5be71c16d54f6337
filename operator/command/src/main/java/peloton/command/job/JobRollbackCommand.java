package peloton.command.job;

import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.EntityVersionConverter;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code peloton job rollback}. */
@Command(
    name = "rollback",
    description = "Roll a job back to the spec of an earlier version, by batches.")
public final class JobRollbackCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  @Parameters(
      index = "1",
      paramLabel = "EARLIER-VERSION",
      converter = EntityVersionConverter.class,
      description = "The version to go back to, as `peloton job list-updates` shows it.")
  private EntityVersion earlier;

  @Mixin private JobRollback rollback;

  /** Made for one run of the program. */
  public JobRollbackCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    rollback.run(session, job, earlier, Optional.empty());
  }
}
