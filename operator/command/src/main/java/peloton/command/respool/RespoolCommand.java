package peloton.command.respool;

import picocli.CommandLine.Command;

/** The group {@code peloton respool}. */
@Command(
    name = "respool",
    aliases = {"respools"},
    mixinStandardHelpOptions = true,
    description = "Create, change, show and delete resource pools.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RespoolCreateCommand.class,
      RespoolUpdateCommand.class,
      RespoolGetCommand.class,
      RespoolListCommand.class,
      RespoolTreeCommand.class,
      RespoolDumpCommand.class,
      RespoolDeleteCommand.class
    })
public final class RespoolCommand {}
