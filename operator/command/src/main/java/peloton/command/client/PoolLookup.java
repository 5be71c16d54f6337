package peloton.command.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.respool.Respool.ResourcePoolPath;
import peloton.api.v1alpha.respool.RespoolSvc.LookupResourcePoolIDRequest;
import peloton.command.CommandException;

/** Finds the resource pool that a person means by its path or id. */
public final class PoolLookup {
  private final ApiClient client;

  /** Looks pools up through {@code client}. */
  public PoolLookup(ApiClient client) {
    this.client = client;
  }

  /**
   * The id of a pool that is given by path (with a slash in front) or by id, which is taken at its
   * word.
   *
   * @throws CommandException if no pool has that path
   */
  public ResourcePoolID id(String pathOrId) {
    if (!pathOrId.startsWith("/")) {
      return ResourcePoolID.newBuilder().setValue(pathOrId).build();
    }
    try {
      return client
          .respools()
          .lookupResourcePoolID(
              LookupResourcePoolIDRequest.newBuilder()
                  .setPath(ResourcePoolPath.newBuilder().setValue(pathOrId))
                  .build())
          .getRespoolId();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        throw CommandException.refused(
            Failures.describe(e.getStatus())
                + " (no resource pool at \""
                + pathOrId
                + "\"; `peloton respool list` shows all)",
            e);
      }
      throw e;
    }
  }
}
