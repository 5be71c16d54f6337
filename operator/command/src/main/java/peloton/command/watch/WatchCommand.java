package peloton.command.watch;

import picocli.CommandLine.Command;

/** The group {@code peloton watch}. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = "Follow changes of jobs or pods, a line for each, until Ctrl-C.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {WatchJobCommand.class, WatchPodCommand.class, WatchCancelCommand.class})
public final class WatchCommand {}
