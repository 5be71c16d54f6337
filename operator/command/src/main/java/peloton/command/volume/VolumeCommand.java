package peloton.command.volume;

import picocli.CommandLine.Command;

/** The group {@code peloton volume}. */
@Command(
    name = "volume",
    aliases = {"volumes"},
    mixinStandardHelpOptions = true,
    description = "Show and delete persistent volumes.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {VolumeListCommand.class, VolumeGetCommand.class, VolumeDeleteCommand.class})
public final class VolumeCommand {}
