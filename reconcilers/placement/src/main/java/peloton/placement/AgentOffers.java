package peloton.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  public Capacity capacity() {
    Purse purse = open();
    return new Capacity(
        purse.available("cpus", false),
        purse.available("mem", false),
        purse.available("disk", false),
        purse.available("gpus", false),
        purse.ports(),
        purse.available("cpus", true));
  }

  /** The agent's attributes as labels, see {@link AgentLabels}. */
  public List<Label> labels() {
    return offers.isEmpty()
        ? List.of()
        : AgentLabels.of(offers.get(offers.size() - 1).offer().getAttributesList());
  }

  /** What the offers show of persistent volumes that this control plane has made. */
  public List<PersistentVolumes.Trace> volumes() {
    return offers.stream()
        .flatMap(held -> held.offer().getResourcesList().stream())
        .flatMap(resource -> PersistentVolumes.trace(resource).stream())
        .toList();
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
    private final Map<String, Resource> volumes = new HashMap<>();

    private Purse(List<Resource> offered) {
      for (Resource resource : offered) {
        Optional<PersistentVolumes.Trace> volume = PersistentVolumes.trace(resource);
        if (volume.isPresent()) {
          // For one pod only, and never to be handed out as plain disk.
          if (volume.get().created()) {
            volumes.put(volume.get().id(), resource);
          }
        } else if (usable(resource)) {
          left.add(resource);
        }
      }
    }

    /**
     * How much of a scalar is left, in thousandths.
     *
     * @param revocable whether it is asked for what Mesos may take back, or for what it may not
     */
    public long available(String name, boolean revocable) {
      long sum = 0;
      for (Resource resource : left) {
        if (isScalar(resource, name, revocable)) {
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

    /**
     * Takes all scalars of a need; the caller has made sure that they are there.
     *
     * @param revocable whether its CPUs are those that Mesos may take back
     */
    public List<Resource> take(Need need, boolean revocable) {
      List<Resource> taken = new ArrayList<>(take("cpus", need.cpus(), revocable));
      taken.addAll(take("mem", need.memory(), false));
      taken.addAll(take("disk", need.disk(), false));
      taken.addAll(take("gpus", need.gpus(), false));
      return taken;
    }

    /** Takes an amount of a scalar, in thousandths; the caller has made sure that it is there. */
    public List<Resource> take(String name, long amount, boolean revocable) {
      List<Resource> taken = new ArrayList<>();
      long missing = amount;
      for (int i = 0; i < left.size() && missing > 0; i++) {
        Resource resource = left.get(i);
        if (!isScalar(resource, name, revocable)) {
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

    /** A volume for a task, and what has to be done before it is there. */
    public record Volume(Resource resource, List<Offer.Operation> operations) {
      public String id() {
        return resource.getDisk().getPersistence().getId();
      }
    }

    /** Takes a volume that is offered; empty if it is not. */
    public Optional<Volume> takeVolume(String id, String containerPath) {
      return Optional.ofNullable(volumes.remove(id))
          .map(volume -> new Volume(PersistentVolumes.mounted(volume, containerPath), List.of()));
    }

    /**
     * Takes disk that nobody has reserved, for a new volume; empty if there is too little of it.
     *
     * @param sizeMb above 0
     * @param attempt tells its operations from those of other attempts
     */
    public Optional<Volume> newVolume(
        String id,
        long sizeMb,
        String containerPath,
        PersistentVolumes.Owner owner,
        String attempt) {
      long amount = sizeMb * 1000;
      long sum = 0;
      for (Resource resource : left) {
        sum += isPlainDisk(resource) ? Need.milli(resource.getScalar().getValue()) : 0;
      }
      if (sum < amount) {
        return Optional.empty();
      }
      Resource kind = null;
      long missing = amount;
      for (int i = 0; i < left.size() && missing > 0; i++) {
        Resource resource = left.get(i);
        if (isPlainDisk(resource)) {
          long has = Need.milli(resource.getScalar().getValue());
          long part = Math.min(has, missing);
          left.set(i, withAmount(resource, has - part));
          missing -= part;
          kind = resource;
        }
      }
      Resource reserved = PersistentVolumes.reserved(withAmount(kind, amount), id, owner);
      Resource volume = PersistentVolumes.created(reserved, id, containerPath, owner);
      return Optional.of(new Volume(volume, PersistentVolumes.make(id, reserved, volume, attempt)));
    }

    /** Disk of the agent's work directory, reserved for nobody. */
    private static boolean isPlainDisk(Resource resource) {
      return isScalar(resource, "disk", false)
          && resource.getReservationsCount() == 0
          && !resource.hasDisk();
    }

    private static boolean isScalar(Resource resource, String name, boolean revocable) {
      return resource.getType() == Value.Type.SCALAR
          && resource.hasRevocable() == revocable
          && resource.getName().equals(name);
    }

    /**
     * Takes this port if it is among those that are left. A port of a fixed number need not be: an
     * agent offers some of its ports only. But what it offers must not go to another pod.
     */
    public Optional<Resource> takePort(int port) {
      for (int i = 0; i < left.size(); i++) {
        Resource resource = left.get(i);
        if (!resource.getName().equals("ports")) {
          continue;
        }
        for (Value.Range range : resource.getRanges().getRangeList()) {
          if (range.getBegin() <= port && port <= range.getEnd()) {
            left.set(i, withoutPort(resource, port));
            return Optional.of(onePort(resource, port));
          }
        }
      }
      return Optional.empty();
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
      return Optional.of(onePort(resource, port));
    }

    private static Resource onePort(Resource resource, long port) {
      return resource.toBuilder()
          .setRanges(Value.Ranges.newBuilder().addRange(range(port, port)))
          .build();
    }

    private static Resource withoutPort(Resource resource, long port) {
      Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
      for (Value.Range range : resource.getRanges().getRangeList()) {
        if (port < range.getBegin() || port > range.getEnd()) {
          ranges.addRange(range);
          continue;
        }
        if (range.getBegin() < port) {
          ranges.addRange(range(range.getBegin(), port - 1));
        }
        if (port < range.getEnd()) {
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

    /**
     * Disks with a source and volumes are for those who ask for them. Of what Mesos may take back
     * only CPUs are of use: a process survives with less of them.
     */
    private static boolean usable(Resource resource) {
      boolean special =
          resource.hasDisk()
              && (resource.getDisk().hasSource() || resource.getDisk().hasPersistence());
      return !special && (!resource.hasRevocable() || resource.getName().equals("cpus"));
    }
  }
}
