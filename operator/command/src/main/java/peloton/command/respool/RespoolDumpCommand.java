package peloton.command.respool;

import java.util.Comparator;
import java.util.List;
import peloton.api.v1alpha.respool.Respool.ResourcePoolInfo;
import peloton.api.v1alpha.respool.RespoolSvc.QueryResourcePoolsRequest;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import peloton.command.output.Format;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code peloton respool dump}. */
@Command(name = "dump", description = "Show every resource pool whole, as YAML or JSON.")
public final class RespoolDumpCommand extends ClientCommand {
  @Option(names = "--format", paramLabel = "FORMAT", description = "yaml (default) or json.")
  private Format format;

  /** Made for one run of the program. */
  public RespoolDumpCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    List<ResourcePoolInfo> pools =
        session
            .client()
            .respools()
            .queryResourcePools(QueryResourcePoolsRequest.getDefaultInstance())
            .getRespoolsList()
            .stream()
            .sorted(Comparator.comparing(pool -> pool.getPath().getValue()))
            .toList();
    (format == null ? session.printer() : session.printer().as(format)).documents(pools);
  }
}
