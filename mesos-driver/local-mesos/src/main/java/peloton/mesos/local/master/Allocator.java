package peloton.mesos.local.master;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import peloton.mesos.local.resources.Resources;

/**
 * Decides who is offered what: of what is free on an agent, all that it may have goes to the
 * framework and role with the smallest dominant share that has not refused it.
 */
final class Allocator {

  private final Cluster cluster;

  Allocator(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Resources of one agent for one role of a framework. */
  record Grant(Framework framework, String role, AgentSlot agent, Resources resources) {}

  /**
   * Gives away what can be given away; the cost follows the agents with something free.
   *
   * @param agents those to look at
   * @param now monotonic nanoseconds, for refusals
   */
  List<Grant> allocate(Collection<AgentSlot> agents, long now) {
    var grants = new ArrayList<Grant>();
    if (cluster.frameworks().stream().noneMatch(Framework::isConnected)) {
      return grants;
    }
    for (var agent : List.copyOf(agents)) {
      // What is reserved, or revocable, may be left for others.
      for (var grant = best(agent, now); grant.isPresent(); grant = best(agent, now)) {
        cluster.allocate(
            grant.get().framework(), grant.get().role(), agent, grant.get().resources());
        grants.add(grant.get());
      }
    }
    return grants;
  }

  private Optional<Grant> best(AgentSlot agent, long now) {
    Grant best = null;
    double smallest = Double.MAX_VALUE;
    for (var framework : cluster.frameworks()) {
      if (!framework.isConnected() || !suits(framework, agent)) {
        continue;
      }
      for (var role : framework.roles()) {
        if (!framework.wantsOffers(role)) {
          continue;
        }
        var offerable =
            agent
                .free()
                .offerableTo(
                    role,
                    framework.can(Capability.Type.REVOCABLE_RESOURCES),
                    framework.can(Capability.Type.RESERVATION_REFINEMENT));
        double share = framework.allocated(role).dominantShare(cluster.total());
        if (share < smallest
            && Cluster.isWorthAnOffer(offerable)
            && !framework.refusals().cover(role, agent.id(), offerable, now)) {
          smallest = share;
          best = new Grant(framework, role, agent, offerable);
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** Agents with GPUs are kept for frameworks that know of GPUs. */
  private static boolean suits(Framework framework, AgentSlot agent) {
    return agent.total().thousandths("gpus") == 0 || framework.can(Capability.Type.GPU_RESOURCES);
  }
}
