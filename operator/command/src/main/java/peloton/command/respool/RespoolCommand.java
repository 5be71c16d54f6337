package peloton.command.respool;

import picocli.CommandLine.Command;

/** The group {@code peloton respool}. */
@Command(
    name = "respool",
    aliases = {"respools"},
    mixinStandardHelpOptions = true,
    description = "Create, show and delete resource pools.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RespoolCreateCommand.class,
      RespoolGetCommand.class,
      RespoolListCommand.class,
      RespoolDeleteCommand.class
    })
public final class RespoolCommand {}
