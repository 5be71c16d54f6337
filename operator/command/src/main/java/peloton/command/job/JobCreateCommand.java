package peloton.command.job;

import java.util.Optional;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton job create}. */
@Command(
    name = "create",
    description = {
      "Create a job from a YAML spec.",
      "Field names as in the API: instanceCount, instance_count or instancecount."
    })
public final class JobCreateCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "SPEC", description = "A YAML file; - for standard input.")
  private String file;

  @Option(
      names = {"-r", "--respool"},
      paramLabel = "PATH",
      description = "The resource pool, e.g. /team/service; default: what the spec says.")
  private String respool;

  @Mixin private JobCreator creator;

  /** Made for one run of the program. */
  public JobCreateCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    creator.run(session, file, Optional.ofNullable(respool), Optional.empty());
  }
}
