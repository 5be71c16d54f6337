package peloton.command.respool;

import java.util.List;
import java.util.Optional;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import peloton.operator.v1.PoolStates.ListPoolStatesRequest;
import peloton.operator.v1.PoolStates.ListPoolStatesResponse;
import peloton.operator.v1.PoolStates.PoolState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton respool tree}. */
@Command(
    name = "tree",
    description = {
      "Show the tree of resource pools: what each reserves, may use, uses and wants.",
      "In the bar, # is used and - may be used still, out of what the cluster has; ! is used beyond"
          + " what the pool is entitled to."
    })
public final class RespoolTreeCommand extends ClientCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PATH",
      description = "Show this pool and those below it only.")
  private String path;

  @Option(
      names = {"-k", "--kind"},
      paramLabel = "KIND",
      description = "Show only this kind: cpu, memory, disk, gpu, \"revocable cpu\"; repeatable.")
  private List<String> kinds = List.of();

  /** Made for one run of the program. */
  public RespoolTreeCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    ListPoolStatesResponse response =
        session.client().poolStates().listPoolStates(ListPoolStatesRequest.getDefaultInstance());
    PoolTreeView view = new PoolTreeView(response.getPoolsList(), kinds);
    Optional<PoolState> top = view.find(path == null ? "/" : path);
    if (top.isEmpty()) {
      throw CommandException.refused(
          "no resource pool at \"" + path + "\"; `peloton respool list` shows all");
    }
    session
        .printer()
        .result(response, () -> String.join(System.lineSeparator(), view.lines(top.get())));
  }
}
