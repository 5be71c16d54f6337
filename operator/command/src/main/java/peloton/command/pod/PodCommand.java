package peloton.command.pod;

import picocli.CommandLine.Command;

/** The group {@code peloton pod}. */
@Command(
    name = "pod",
    aliases = {"pods"},
    mixinStandardHelpOptions = true,
    description = "Show, start and stop single pods, their events and what they print.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PodListCommand.class,
      PodQueryCommand.class,
      PodGetCommand.class,
      PodWhyCommand.class,
      PodStartCommand.class,
      PodStopCommand.class,
      PodRestartCommand.class,
      PodEventsCommand.class,
      PodDeleteEventsCommand.class,
      PodLogsCommand.class,
      PodRefreshCommand.class,
      PodCacheCommand.class
    })
public final class PodCommand {}
