package peloton.command.host;

import picocli.CommandLine.Command;

/** The group {@code peloton host maintenance}, as Peloton's own command has it. */
@Command(
    name = "maintenance",
    mixinStandardHelpOptions = true,
    description = "`start` is `peloton host drain`, `complete` is `peloton host up`.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {HostDrainCommand.class, HostUpCommand.class})
public final class HostMaintenanceCommand {}
