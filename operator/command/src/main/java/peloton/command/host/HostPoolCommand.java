package peloton.command.host;

import picocli.CommandLine.Command;

/** The group {@code peloton host pool}. */
@Command(
    name = "pool",
    mixinStandardHelpOptions = true,
    description = "Make and delete pools of hosts, and move hosts between them.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      HostPoolCreateCommand.class,
      HostPoolDeleteCommand.class,
      HostPoolMoveCommand.class
    })
public final class HostPoolCommand {}
