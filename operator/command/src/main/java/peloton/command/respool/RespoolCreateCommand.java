package peloton.command.respool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolResponse;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.PoolLookup;
import peloton.command.client.Session;
import peloton.command.spec.PoolSpecFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton respool create}. */
@Command(
    name = "create",
    description = {
      "Create the resource pools of a YAML file, in its order.",
      "A pool's place is PATH, or path: in the file, or its name below parent: (a path; default "
          + "the root). The pools above it must exist."
    })
public final class RespoolCreateCommand extends ClientCommand {
  @Parameters(
      arity = "1..2",
      hideParamSyntax = true,
      paramLabel = "[PATH] SPEC",
      description = "The pool's path, unless the file says it, and a YAML file; - for stdin.")
  private List<String> arguments;

  /** Made for one run of the program. */
  public RespoolCreateCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    String file = arguments.get(arguments.size() - 1);
    Optional<String> path =
        arguments.size() == 2 ? Optional.of(arguments.get(0)) : Optional.empty();
    List<PoolSpecFile> files = PoolSpecFile.readAll(file, session.console().in());
    if (path.isPresent() && files.size() != 1) {
      throw CommandException.usage(
          file + ": holds " + files.size() + " pools; a PATH can be given for one only");
    }
    record Planned(ResourcePoolSpec spec, Optional<PoolPath> path) {}
    List<Planned> planned = new ArrayList<>();
    for (PoolSpecFile pool : files) {
      planned.add(new Planned(pool.spec(), place(file, pool, path)));
    }
    for (Planned pool : planned) {
      create(session, pool.spec(), pool.path());
    }
  }

  /** Where a pool shall be; empty if the spec names its parent by id. */
  private static Optional<PoolPath> place(
      String file, PoolSpecFile pool, Optional<String> argument) {
    Optional<PoolPath> path = argument.or(pool::path).map(PoolPath::parse);
    String name = pool.spec().getName();
    if (path.isEmpty()) {
      return pool.spec().hasParent()
          ? Optional.empty()
          : Optional.of(PoolPath.below(pool.parentPath(), name));
    }
    if (!name.isEmpty() && !path.get().name().equals(name)) {
      throw CommandException.usage(
          file + ": name \"" + name + "\" is not the last element of the path " + path.get());
    }
    if (pool.spec().hasParent() || pool.parentPath().isPresent()) {
      throw CommandException.usage(file + ": give either a path or a parent, not both");
    }
    return path;
  }

  private static void create(Session session, ResourcePoolSpec spec, Optional<PoolPath> path) {
    ResourcePoolSpec.Builder pool = spec.toBuilder();
    path.ifPresent(
        place ->
            pool.setName(place.name())
                .setParent(new PoolLookup(session.client()).id(place.parent())));
    CreateResourcePoolResponse response =
        session
            .client()
            .respools()
            .createResourcePool(CreateResourcePoolRequest.newBuilder().setSpec(pool).build());
    session
        .printer()
        .result(
            response,
            () ->
                "Resource Pool "
                    + response.getRespoolId().getValue()
                    + " created at "
                    + path.map(PoolPath::toString)
                        .orElse(pool.getParent().getValue() + "/" + pool.getName()));
  }
}
