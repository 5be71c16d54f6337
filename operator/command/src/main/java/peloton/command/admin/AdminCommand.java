package peloton.command.admin;

import picocli.CommandLine.Command;

/** The group {@code peloton admin}. */
@Command(
    name = "admin",
    mixinStandardHelpOptions = true,
    description = "Stop parts of the server in an emergency, and free them again.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AdminLockCommand.class, AdminUnlockCommand.class})
public final class AdminCommand {}
