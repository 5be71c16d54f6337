package peloton.command;

import peloton.command.admin.AdminCommand;
import peloton.command.bench.BenchCommand;
import peloton.command.client.ClientCommand;
import peloton.command.client.ClientOptions;
import peloton.command.demo.DemoCommand;
import peloton.command.dev.DevCommand;
import peloton.command.host.HostCommand;
import peloton.command.job.JobCommand;
import peloton.command.pod.PodCommand;
import peloton.command.process.LocalMesosCommand;
import peloton.command.process.ServerCommand;
import peloton.command.respool.RespoolCommand;
import peloton.command.volume.VolumeCommand;
import peloton.command.watch.WatchCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton} itself. */
@Command(
    name = "peloton",
    mixinStandardHelpOptions = true,
    versionProvider = RootCommand.Version.class,
    sortOptions = false,
    description = {
      "A control plane for stateless services on Apache Mesos.",
      "",
      "`peloton COMMAND --help` says more about each command."
    },
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions of the client commands, also taken after their names:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%n",
    footer = {
      "`peloton verify` builds this checkout and runs its whole test suite.",
      "The flags and variables of Peloton's own command for its servers' addresses (-m, -v, -u, "
          + "JOBMGR_URL, RESMGR_URL, HOSTMGR_URL) mean --server, which goes first."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done",
      " 1:the server said no; its code and message are on standard error",
      " 2:the command line or the spec file could not be understood; nothing was sent",
      " 3:the server could not be reached, was not ready, or did not answer in time",
      " 4:accepted, but what --wait or --watch waited for did not happen"
    },
    subcommands = {
      JobCommand.class,
      PodCommand.class,
      RespoolCommand.class,
      WatchCommand.class,
      HostCommand.class,
      VolumeCommand.class,
      AdminCommand.class,
      DemoCommand.class,
      DevCommand.class,
      BenchCommand.class,
      ServerCommand.class,
      LocalMesosCommand.class
    })
public final class RootCommand implements ClientCommand.HasClientOptions {
  @Mixin private ClientOptions options;

  @Override
  public ClientOptions clientOptions() {
    return options;
  }

  /** The version of this build. */
  public static final class Version implements picocli.CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = RootCommand.class.getPackage().getImplementationVersion();
      return new String[] {"peloton " + (version == null ? "(not packaged)" : version)};
    }
  }
}
