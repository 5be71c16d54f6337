package peloton.operator.read;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import peloton.loop.PlacementPlan;

/** Says where pods would go; called from any thread. */
@FunctionalInterface
public interface Planner {

  /** The answer; empty if this replica does not lead, and so does not see the hosts. */
  Optional<CompletableFuture<PlacementPlan>> plan(PlacementPlan.Question question);
}
