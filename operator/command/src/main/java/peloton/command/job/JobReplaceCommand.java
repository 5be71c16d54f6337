package peloton.command.job;

import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.EntityVersionConverter;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton job replace}. */
@Command(name = "replace", description = "Roll a job over to a new spec, by batches.")
public final class JobReplaceCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "JOB", description = "The job's id, or its name.")
  private String job;

  @Parameters(index = "1", paramLabel = "SPEC", description = "A YAML file; - for standard input.")
  private String file;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "ENTITY-VERSION",
      converter = EntityVersionConverter.class,
      description = "Replace the job only if this is its version, e.g. 1-1-1.")
  private EntityVersion version;

  @Option(
      names = {"-r", "--respool"},
      paramLabel = "PATH",
      description = "The resource pool, which cannot change; default: the one it is in.")
  private String respool;

  @Mixin private JobReplacer replacer;

  /** Made for one run of the program. */
  public JobReplaceCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    replacer.run(
        session,
        job,
        file,
        Optional.ofNullable(respool),
        Optional.ofNullable(version),
        Optional.empty());
  }
}
