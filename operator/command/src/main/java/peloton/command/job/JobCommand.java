package peloton.command.job;

import picocli.CommandLine.Command;

/** The group {@code peloton job}. */
@Command(
    name = "job",
    mixinStandardHelpOptions = true,
    aliases = {"jobs"},
    description = "Create, change, show and stop stateless jobs.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      JobCreateCommand.class,
      JobGetCommand.class,
      JobListCommand.class,
      JobStartCommand.class,
      JobStopCommand.class,
      JobReplaceCommand.class,
      JobDeleteCommand.class,
      StatelessCommand.class
    })
public final class JobCommand {}
