package peloton.loop;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;
import peloton.entitlement.Amounts;
import peloton.entitlement.ResourceKind;

/**
 * The capacity as offers let it be seen. Of an agent that offers something, what it offers and what
 * pods use of it is all that it has for us, unless a part of it lies in another offer: so the most
 * that was ever seen of an agent counts until the agent goes.
 */
final class OfferedCapacity implements ClusterCapacity {
  private final Map<String, long[]> seen = new HashMap<>();
  private final Map<String, long[]> used = new HashMap<>();
  private final long[] total = new long[ResourceKind.COUNT];

  @Override
  public Amounts total() {
    return Amounts.of(total);
  }

  /** Offers that came together. */
  void offered(List<Offer> offers) {
    Map<String, long[]> free = new HashMap<>();
    for (Offer offer : offers) {
      long[] sums =
          free.computeIfAbsent(
              offer.getAgentId().getValue(), agent -> new long[ResourceKind.COUNT]);
      offer.getResourcesList().forEach(resource -> add(resource, sums));
    }
    free.forEach(
        (agent, sums) -> {
          long[] mine = used.get(agent);
          long[] most = seen.getOrDefault(agent, new long[ResourceKind.COUNT]).clone();
          for (int kind = 0; kind < most.length; kind++) {
            most[kind] = Math.max(most[kind], sums[kind] + (mine == null ? 0 : mine[kind]));
          }
          change(agent, () -> seen.put(agent, most));
        });
  }

  /** An agent is no more. */
  void lost(String agent) {
    change(agent, () -> seen.remove(agent));
  }

  /**
   * A pod takes what it needs of an agent, or gives it back.
   *
   * @param sign 1 or -1
   */
  void used(String agent, Amounts need, int sign) {
    if (need.equals(Amounts.NONE)) {
      return;
    }
    change(
        agent,
        () -> {
          long[] sums = used.computeIfAbsent(agent, a -> new long[ResourceKind.COUNT]);
          need.addTo(sums, sign);
        });
  }

  private void change(String agent, Runnable change) {
    addTo(agent, -1);
    change.run();
    addTo(agent, 1);
  }

  private void addTo(String agent, int sign) {
    long[] mine = used.get(agent);
    long[] known = seen.get(agent);
    for (int kind = 0; kind < total.length; kind++) {
      total[kind] +=
          sign * Math.max(known == null ? 0 : known[kind], mine == null ? 0 : mine[kind]);
    }
  }

  private static void add(Resource resource, long[] sums) {
    boolean special =
        resource.hasDisk()
            && (resource.getDisk().hasSource() || resource.getDisk().hasPersistence());
    if (resource.getType() != Value.Type.SCALAR || special) {
      return;
    }
    ResourceKind kind =
        switch (resource.getName()) {
          case "cpus" -> resource.hasRevocable() ? ResourceKind.REVOCABLE_CPU : ResourceKind.CPU;
          case "mem" -> resource.hasRevocable() ? null : ResourceKind.MEMORY;
          case "disk" -> resource.hasRevocable() ? null : ResourceKind.DISK;
          case "gpus" -> resource.hasRevocable() ? null : ResourceKind.GPU;
          default -> null;
        };
    if (kind != null) {
      sums[kind.ordinal()] += Amounts.milli(resource.getScalar().getValue());
    }
  }
}
