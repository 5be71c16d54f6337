package peloton.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/**
 * All offers held of one agent, used together: Mesos hands out what is freed in further small
 * offers while the first is still out.
 */
public final class AgentOffers {
  private final String agentId;
  private final String hostname;
  private final List<Held> offers = new ArrayList<>();

  private record Held(Offer offer, long receivedAt) {}

  public AgentOffers(Offer first, long now) {
    this.agentId = first.getAgentId().getValue();
    this.hostname = first.getHostname();
    add(first, now);
  }

  public String agentId() {
    return agentId;
  }

  public String hostname() {
    return hostname;
  }

  public void add(Offer offer, long now) {
    offers.add(new Held(offer, now));
  }

  /** Forgets an offer; false if it is none of these. */
  public boolean remove(OfferID id) {
    return offers.removeIf(held -> held.offer().getId().equals(id));
  }

  public boolean isEmpty() {
    return offers.isEmpty();
  }

  public List<OfferID> ids() {
    return offers.stream().map(held -> held.offer().getId()).toList();
  }

  /** When the oldest of the offers came. */
  public long oldest() {
    return offers.stream().mapToLong(Held::receivedAt).min().orElse(Long.MAX_VALUE);
  }

  /** What there is to take, for the decision. */
  public Placer.Agent capacity(int pods) {
    Purse purse = open();
    return new Placer.Agent(
        agentId,
        purse.available("cpus"),
        purse.available("mem"),
        purse.available("disk"),
        purse.available("gpus"),
        purse.ports(),
        pods);
  }

  /** What there is to take, for taking. */
  public Purse open() {
    return new Purse(offers.stream().flatMap(h -> h.offer().getResourcesList().stream()).toList());
  }

  /**
   * The resources of the offers, to pay tasks from. Each piece that is taken is a copy of the
   * offered resource with another amount: Mesos checks roles, reservations and allocation info.
   */
  public static final class Purse {
    private final List<Resource> left = new ArrayList<>();

    private Purse(List<Resource> offered) {
      for (Resource resource : offered) {
        if (usable(resource)) {
          left.add(resource);
        }
      }
    }

    /** How much of a scalar is left, in thousandths. */
    public long available(String name) {
      long sum = 0;
      for (Resource resource : left) {
        if (resource.getType() == Value.Type.SCALAR && resource.getName().equals(name)) {
          sum += Need.milli(resource.getScalar().getValue());
        }
      }
      return sum;
    }

    /** How many ports are left. */
    public int ports() {
      long count = 0;
      for (Resource resource : left) {
        if (resource.getName().equals("ports")) {
          for (Value.Range range : resource.getRanges().getRangeList()) {
            count += range.getEnd() - range.getBegin() + 1;
          }
        }
      }
      return (int) Math.min(count, Integer.MAX_VALUE);
    }

    /** Takes an amount of a scalar, in thousandths; the caller has made sure that it is there. */
    public List<Resource> take(String name, long amount) {
      List<Resource> taken = new ArrayList<>();
      long missing = amount;
      for (int i = 0; i < left.size() && missing > 0; i++) {
        Resource resource = left.get(i);
        if (resource.getType() != Value.Type.SCALAR || !resource.getName().equals(name)) {
          continue;
        }
        long has = Need.milli(resource.getScalar().getValue());
        long part = Math.min(has, missing);
        if (part > 0) {
          taken.add(withAmount(resource, part));
          left.set(i, withAmount(resource, has - part));
          missing -= part;
        }
      }
      if (missing > 0) {
        throw new IllegalStateException(
            "offers lack " + missing + " thousandths of " + name + " that were planned with");
      }
      return taken;
    }

    /** Takes the lowest port that is left, as a resource of one port. */
    public Optional<Resource> takePort() {
      int lowest = -1;
      long port = Long.MAX_VALUE;
      for (int i = 0; i < left.size(); i++) {
        if (left.get(i).getName().equals("ports")) {
          for (Value.Range range : left.get(i).getRanges().getRangeList()) {
            if (range.getBegin() < port) {
              port = range.getBegin();
              lowest = i;
            }
          }
        }
      }
      if (lowest < 0) {
        return Optional.empty();
      }
      Resource resource = left.get(lowest);
      left.set(lowest, withoutPort(resource, port));
      return Optional.of(
          resource.toBuilder()
              .setRanges(Value.Ranges.newBuilder().addRange(range(port, port)))
              .build());
    }

    private static Resource withoutPort(Resource resource, long port) {
      Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
      for (Value.Range range : resource.getRanges().getRangeList()) {
        if (range.getBegin() != port) {
          ranges.addRange(range);
        } else if (range.getEnd() > port) {
          ranges.addRange(range(port + 1, range.getEnd()));
        }
      }
      return resource.toBuilder().setRanges(ranges).build();
    }

    private static Value.Range range(long begin, long end) {
      return Value.Range.newBuilder().setBegin(begin).setEnd(end).build();
    }

    private static Resource withAmount(Resource resource, long milli) {
      return resource.toBuilder()
          .setScalar(Value.Scalar.newBuilder().setValue(milli / 1000.0))
          .build();
    }

    /** Revocable resources, disks with a source and volumes are for those who ask for them. */
    private static boolean usable(Resource resource) {
      boolean special =
          resource.hasDisk()
              && (resource.getDisk().hasSource() || resource.getDisk().hasPersistence());
      return !resource.hasRevocable() && !special;
    }
  }
}
