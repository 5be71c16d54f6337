package peloton.command.bench;

import picocli.CommandLine.Command;

/** The group {@code peloton bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure the control plane on this machine.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LaunchCommand.class,
      ReadCommand.class,
      WatchCommand.class,
      UpdateCommand.class,
      KubernetesCommand.class,
      EchoCommand.class
    })
public final class BenchCommand {}
