package peloton.command.job;

import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.EntityVersionConverter;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton job diff}. */
@Command(
    name = "diff",
    description = "Say which instances a replace by this spec would touch, and change nothing.")
public final class JobDiffCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  @Parameters(index = "1", paramLabel = "SPEC", description = "A YAML file; - for standard input.")
  private String file;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "ENTITY-VERSION",
      converter = EntityVersionConverter.class,
      description = "Compare only if this is the job's version, e.g. 1-1-1.")
  private EntityVersion version;

  @Option(
      names = {"-r", "--respool"},
      paramLabel = "PATH",
      description = "The resource pool, which cannot change; default: the one it is in.")
  private String respool;

  /** Made for one run of the program. */
  public JobDiffCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    JobDiffer.run(session, job, file, Optional.ofNullable(respool), Optional.ofNullable(version));
  }
}
