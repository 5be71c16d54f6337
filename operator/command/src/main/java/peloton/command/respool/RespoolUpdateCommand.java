package peloton.command.respool;

import java.util.List;
import java.util.Optional;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.RespoolSvc.GetResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.UpdateResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.UpdateResourcePoolResponse;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.PoolLookup;
import peloton.command.client.Session;
import peloton.command.spec.PoolSpecFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton respool update}. */
@Command(
    name = "update",
    description = {
      "Give a resource pool another spec, which must be whole.",
      "Its parent stays; its name need not be in the file."
    })
public final class RespoolUpdateCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "POOL", description = "The pool's path, or its id.")
  private String pool;

  @Parameters(index = "1", paramLabel = "SPEC", description = "A YAML file; - for stdin.")
  private String file;

  @Option(
      names = {"-f", "--force"},
      description = "Skip the checks of the tree, such as reservations above the parent's.")
  private boolean force;

  /** Made for one run of the program. */
  public RespoolUpdateCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    List<PoolSpecFile> files = PoolSpecFile.readAll(file, session.console().in());
    if (files.size() != 1) {
      throw CommandException.usage(
          file + ": holds " + files.size() + " pools; this command takes one");
    }
    PoolSpecFile change = files.get(0);
    requireSamePlace(change);
    ResourcePoolID id = new PoolLookup(session.client()).id(pool);
    UpdateResourcePoolResponse response =
        session
            .client()
            .respools()
            .updateResourcePool(
                UpdateResourcePoolRequest.newBuilder()
                    .setRespoolId(id)
                    .setSpec(complete(session, id, change.spec()))
                    .setForce(force)
                    .build());
    session.printer().result(response, () -> "Resource Pool " + pool + " updated");
  }

  /** A pool cannot move, so a file may say where it is only if that is where it is. */
  private void requireSamePlace(PoolSpecFile change) {
    Optional<String> path =
        change
            .path()
            .or(
                () ->
                    change
                        .parentPath()
                        .map(
                            parent ->
                                PoolPath.below(Optional.of(parent), change.spec().getName())
                                    .toString()));
    path.filter(
            other ->
                pool.startsWith("/")
                    && !PoolPath.parse(other).toString().equals(PoolPath.parse(pool).toString()))
        .ifPresent(
            other -> {
              throw CommandException.usage(
                  file + ": describes " + other + ", not " + pool + "; a pool cannot move");
            });
  }

  private static ResourcePoolSpec complete(
      Session session, ResourcePoolID id, ResourcePoolSpec given) {
    if (given.hasParent() && !given.getName().isEmpty()) {
      return given;
    }
    ResourcePoolSpec now =
        session
            .client()
            .respools()
            .getResourcePool(GetResourcePoolRequest.newBuilder().setRespoolId(id).build())
            .getRespool()
            .getSpec();
    ResourcePoolSpec.Builder whole = given.toBuilder();
    if (!given.hasParent() && now.hasParent()) {
      whole.setParent(now.getParent());
    }
    return whole.setName(given.getName().isEmpty() ? now.getName() : given.getName()).build();
  }
}
