package peloton.command.host;

import picocli.CommandLine.Command;

/** The group {@code peloton host}. */
@Command(
    name = "host",
    aliases = {"hosts"},
    mixinStandardHelpOptions = true,
    description = "Show hosts, take them out of service and bring them back, and group them.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      HostListCommand.class,
      HostDrainCommand.class,
      HostUpCommand.class,
      HostMaintenanceCommand.class,
      HostPoolsCommand.class,
      HostPoolCommand.class
    })
public final class HostCommand {}
