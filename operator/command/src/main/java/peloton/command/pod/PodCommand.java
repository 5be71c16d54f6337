package peloton.command.pod;

import picocli.CommandLine.Command;

/** The group {@code peloton pod}. */
@Command(
    name = "pod",
    aliases = {"pods"},
    mixinStandardHelpOptions = true,
    description = "Show pods, their events and what they print.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PodListCommand.class,
      PodGetCommand.class,
      PodEventsCommand.class,
      PodLogsCommand.class
    })
public final class PodCommand {}
