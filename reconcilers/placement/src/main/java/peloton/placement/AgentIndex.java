package peloton.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The agents, what they offer, and what runs on them, kept so that the place for a pod is found
 * without looking at every agent. It lives as long as its owner and is told of each change; it
 * belongs to one thread.
 *
 * <p>Each agent has a slot. Sets of slots are bits, 64 to a word: agents by their number of pods,
 * by classes of free CPU and memory, by labels that some constraint asks for. A search cuts such
 * words with each other and looks closer at what is left.
 */
public final class AgentIndex {
  private static final int KINDS = ResourceKind.COUNT;
  private static final int CPUS = ResourceKind.CPUS.ordinal();
  private static final int MEMORY = ResourceKind.MEMORY.ordinal();

  /** Agents with more pods than this are taken for equally full. */
  private static final int LAST_BUCKET = 255;

  /** Shapes that searches are kept ready for; they are made again when they are needed again. */
  private static final int MOST_BOUND = 10_000;

  private final PlacementSettings settings;
  private final Map<String, Integer> slots = new HashMap<>();
  private final PodLedger ledger;
  private final Map<Label, SlotCounts> hostLabels = new HashMap<>();
  private final Map<Label, SlotCounts> podLabels = new HashMap<>();
  private final Map<Shape, BoundShape> bound = new HashMap<>();
  private final Bits[] byPods = new Bits[LAST_BUCKET + 1];
  private final Bits offered;
  private final Bits withGpus;
  private final Bits exclusive;
  private final CapacityClasses freeCpus;
  private final CapacityClasses freeMemory;
  private int[] vacant = new int[0];
  private int vacancies;

  // By slot.
  private Agent[] agents = new Agent[64];
  private long[] free = new long[64 * KINDS];
  private long[] used = new long[64 * KINDS];
  private int[] pods = new int[64];
  private int end;

  /** Counts what may let a pod fit that did not: offers, and pods that went. */
  private long gains;

  /** Counts the pods that were placed. */
  private long placements;

  /** What is known of an agent whether or not it offers anything now. */
  static final class Agent {
    private final String id;
    private String hostname = "";
    private List<Label> labels = List.of();
    private final long[] total = new long[KINDS];
    private boolean seen;
    private boolean fading;

    private Agent(String id) {
      this.id = id;
    }

    private Agent(Agent other) {
      id = other.id;
      hostname = other.hostname;
      labels = other.labels;
      seen = other.seen;
      fading = other.fading;
      System.arraycopy(other.total, 0, total, 0, KINDS);
    }

    String id() {
      return id;
    }

    String hostname() {
      return hostname.isEmpty() ? id : hostname;
    }

    /** Whether it has made an offer: what it has is not known before. */
    boolean seen() {
      return seen;
    }

    /** What it had for this framework when it last made an offer, free and in use. */
    long total(int kind) {
      return total[kind];
    }
  }

  public AgentIndex(PlacementSettings settings) {
    this.settings = settings;
    ledger = new PodLedger();
    offered = new Bits();
    withGpus = new Bits();
    exclusive = new Bits();
    freeCpus = new CapacityClasses();
    freeMemory = new CapacityClasses();
  }

  private AgentIndex(AgentIndex other) {
    settings = other.settings;
    slots.putAll(other.slots);
    ledger = other.ledger.copy();
    for (int i = 0; i < byPods.length; i++) {
      byPods[i] = other.byPods[i] == null ? null : other.byPods[i].copy();
    }
    offered = other.offered.copy();
    withGpus = other.withGpus.copy();
    exclusive = other.exclusive.copy();
    freeCpus = other.freeCpus.copy();
    freeMemory = other.freeMemory.copy();
    vacant = other.vacant.clone();
    vacancies = other.vacancies;
    agents = new Agent[other.agents.length];
    for (int i = 0; i < other.end; i++) {
      agents[i] = other.agents[i] == null ? null : new Agent(other.agents[i]);
    }
    free = other.free.clone();
    used = other.used.clone();
    pods = other.pods.clone();
    end = other.end;
  }

  /** Another index that knows the same; what happens to one does not happen to the other. */
  public AgentIndex copy() {
    return new AgentIndex(this);
  }

  /** Lets every agent offer all that it is thought to have free: for asking what would be. */
  public void offerAllKnown() {
    for (int slot = 0; slot < end; slot++) {
      Agent agent = agents[slot];
      if (agent != null && agent.seen) {
        long[] left = new long[KINDS];
        for (int kind = 0; kind < KINDS; kind++) {
          left[kind] = Math.max(0, agent.total[kind] - used[slot * KINDS + kind]);
        }
        if (offered.contains(slot)) {
          withdraw(slot);
        }
        offer(slot, left);
      }
    }
    gains++;
  }

  // ---- what happens ------------------------------------------------------------------

  /**
   * An agent offers this, all its offers together; what it offered before is void.
   *
   * @param labels the attributes of the agent, without its name
   */
  public void offered(String agentId, String hostname, List<Label> labels, Capacity capacity) {
    int slot = slot(agentId);
    Agent agent = agents[slot];
    describe(slot, agent, hostname, labels);
    long[] amounts = ResourceKind.amounts(capacity);
    for (int kind = 0; kind < KINDS; kind++) {
      agent.total[kind] = amounts[kind] + used[slot * KINDS + kind];
    }
    if (agent.total[ResourceKind.GPUS.ordinal()] > 0) {
      // Remembered: an offer says nothing of GPUs that others use.
      withGpus.add(slot);
    }
    agent.seen = true;
    agent.fading = false;
    if (offered.contains(slot)) {
      withdraw(slot);
    }
    offer(slot, amounts);
    gains++;
  }

  private void offer(int slot, long[] amounts) {
    System.arraycopy(amounts, 0, free, slot * KINDS, KINDS);
    offered.add(slot);
    bucket(pods[slot]).add(slot);
    freeCpus.move(slot, 0, amounts[CPUS]);
    freeMemory.move(slot, 0, amounts[MEMORY]);
  }

  /** The agent offers nothing any more. */
  public void withdrawn(String agentId) {
    Integer slot = slots.get(agentId);
    if (slot != null && offered.contains(slot)) {
      withdraw(slot);
    }
  }

  private void withdraw(int slot) {
    offered.remove(slot);
    bucket(pods[slot]).remove(slot);
    freeCpus.move(slot, free[slot * KINDS + CPUS], 0);
    freeMemory.move(slot, free[slot * KINDS + MEMORY], 0);
    Arrays.fill(free, slot * KINDS, (slot + 1) * KINDS, 0);
  }

  /** No agent offers anything any more. */
  public void withdrawnAll() {
    for (int slot = 0; slot < end; slot++) {
      if (offered.contains(slot)) {
        withdraw(slot);
      }
    }
  }

  /** A pod is on an agent, as far as anyone knows; it is nowhere else. */
  public void placed(String job, int instance, String agentId, Shape shape) {
    int slot = slot(agentId);
    if (ledger.slot(job, instance) == slot && shape.equals(ledger.shape(job, instance))) {
      return;
    }
    gone(job, instance);
    put(job, instance, slot, shape);
  }

  /** A pod is on no agent any more. What it had is not free before it is offered. */
  public void gone(String job, int instance) {
    int slot = ledger.slot(job, instance);
    if (slot < 0) {
      return;
    }
    Shape shape = ledger.shape(job, instance);
    ledger.remove(job, instance);
    count(slot, shape, -1);
    gains++;
  }

  /** Takes what a pod needs from what its agent offers. */
  void take(String job, int instance, int slot, Shape shape) {
    gone(job, instance);
    long[] needs = shape.amounts();
    int at = slot * KINDS;
    long cpus = free[at + CPUS];
    long memory = free[at + MEMORY];
    for (int kind = 0; kind < KINDS; kind++) {
      free[at + kind] -= needs[kind];
    }
    freeCpus.move(slot, cpus, free[at + CPUS]);
    freeMemory.move(slot, memory, free[at + MEMORY]);
    put(job, instance, slot, shape);
  }

  private void put(String job, int instance, int slot, Shape shape) {
    ledger.put(job, instance, slot, shape);
    count(slot, shape, 1);
    placements++;
  }

  private void count(int slot, Shape shape, int by) {
    int before = pods[slot];
    pods[slot] = before + by;
    if (offered.contains(slot) && Math.min(before, before + by) < LAST_BUCKET) {
      bucket(before).remove(slot);
      bucket(before + by).add(slot);
    }
    long[] needs = shape.amounts();
    for (int kind = 0; kind < KINDS; kind++) {
      used[slot * KINDS + kind] += by * needs[kind];
    }
    if (!podLabels.isEmpty()) {
      for (Label label : shape.labels()) {
        SlotCounts counts = podLabels.get(label);
        if (counts != null) {
          counts.add(slot, by);
        }
      }
    }
  }

  /**
   * Forgets agents without pods that have offered nothing since the last call but one; to be called
   * now and then, while offers are wanted.
   */
  public void sweep() {
    for (int slot = 0; slot < end; slot++) {
      Agent agent = agents[slot];
      if (agent == null || pods[slot] != 0 || offered.contains(slot)) {
        continue;
      }
      if (agent.fading) {
        forget(slot, agent);
      } else {
        agent.fading = true;
      }
    }
  }

  /** Lets go of what was worked out for pods that wait no longer. */
  public void relax() {
    bound.clear();
    hostLabels.clear();
    podLabels.clear();
  }

  private void forget(int slot, Agent agent) {
    describe(slot, agent, "", List.of());
    withGpus.remove(slot);
    slots.remove(agent.id);
    agents[slot] = null;
    if (vacancies == vacant.length) {
      vacant = Arrays.copyOf(vacant, vacancies * 2 + 8);
    }
    vacant[vacancies++] = slot;
  }

  private int slot(String agentId) {
    Integer known = slots.get(agentId);
    if (known != null) {
      return known;
    }
    int slot = vacancies > 0 ? vacant[--vacancies] : end++;
    if (slot >= agents.length) {
      int length = agents.length * 2;
      agents = Arrays.copyOf(agents, length);
      free = Arrays.copyOf(free, length * KINDS);
      used = Arrays.copyOf(used, length * KINDS);
      pods = Arrays.copyOf(pods, length);
    }
    agents[slot] = new Agent(agentId);
    slots.put(agentId, slot);
    return slot;
  }

  private void describe(int slot, Agent agent, String hostname, List<Label> labels) {
    if (agent.hostname.equals(hostname) && agent.labels.equals(labels)) {
      return;
    }
    allLabels(agent).forEach(label -> countHostLabel(label, slot, -1));
    agent.hostname = hostname;
    agent.labels = List.copyOf(labels);
    allLabels(agent).forEach(label -> countHostLabel(label, slot, 1));
    exclusive.set(slot, labels.stream().anyMatch(l -> l.key().equals(Label.EXCLUSIVE)));
  }

  private static List<Label> allLabels(Agent agent) {
    if (agent.hostname.isEmpty()) {
      return agent.labels;
    }
    List<Label> all = new ArrayList<>(agent.labels);
    all.add(new Label(Label.HOSTNAME, agent.hostname));
    return all;
  }

  private void countHostLabel(Label label, int slot, int by) {
    SlotCounts counts = hostLabels.get(label);
    if (counts != null) {
      counts.add(slot, by);
    }
  }

  private Bits bucket(int podCount) {
    int i = Math.min(podCount, LAST_BUCKET);
    if (byPods[i] == null) {
      byPods[i] = new Bits();
    }
    return byPods[i];
  }

  // ---- what searches see -------------------------------------------------------------

  PlacementSettings settings() {
    return settings;
  }

  BoundShape bind(Shape shape) {
    BoundShape known = bound.get(shape);
    if (known == null) {
      if (bound.size() == MOST_BOUND) {
        relax();
      }
      known = new BoundShape(this, shape);
      bound.put(shape, known);
    }
    return known;
  }

  /** The occurrences of a host's label; kept up to date from the first call on. */
  SlotCounts hostLabel(Label label) {
    SlotCounts counts = hostLabels.get(label);
    if (counts == null) {
      counts = new SlotCounts();
      for (int slot = 0; slot < end; slot++) {
        if (agents[slot] != null) {
          for (Label one : allLabels(agents[slot])) {
            if (one.equals(label)) {
              counts.add(slot, 1);
            }
          }
        }
      }
      hostLabels.put(label, counts);
    }
    return counts;
  }

  /** The occurrences of a label of pods; kept up to date from the first call on. */
  SlotCounts podLabel(Label label) {
    SlotCounts counts = podLabels.get(label);
    if (counts == null) {
      SlotCounts fresh = new SlotCounts();
      ledger.forEach(
          (slot, shape) -> {
            for (Label one : shape.labels()) {
              if (one.equals(label)) {
                fresh.add(slot, 1);
              }
            }
          });
      podLabels.put(label, fresh);
      counts = fresh;
    }
    return counts;
  }

  /** How many words hold all slots. */
  int words() {
    return (end + 63) >> 6;
  }

  int end() {
    return end;
  }

  /** The agent in a slot; null if there is none. */
  Agent agent(int slot) {
    return agents[slot];
  }

  /** The slot of an agent, or -1. */
  int find(String agentId) {
    return slots.getOrDefault(agentId, -1);
  }

  long free(int slot, int kind) {
    return free[slot * KINDS + kind];
  }

  boolean hasRoom(int slot, long[] needs) {
    int at = slot * KINDS;
    for (int kind = 0; kind < KINDS; kind++) {
      if (free[at + kind] < needs[kind]) {
        return false;
      }
    }
    return true;
  }

  Bits offered() {
    return offered;
  }

  Bits withGpus() {
    return withGpus;
  }

  Bits exclusive() {
    return exclusive;
  }

  /** The agents with offers and this many pods, or with more if it is the last bucket. */
  Bits byPods(int bucket) {
    return byPods[bucket];
  }

  int buckets() {
    return byPods.length;
  }

  CapacityClasses freeCpus() {
    return freeCpus;
  }

  CapacityClasses freeMemory() {
    return freeMemory;
  }

  PodLedger ledger() {
    return ledger;
  }

  /** Counts what may change where pods fit: while it stays, no pod fits that did not. */
  public long changes() {
    return gains + placements;
  }

  long gains() {
    return gains;
  }

  long placements() {
    return placements;
  }

  /** How many agents are known. */
  public int size() {
    return slots.size();
  }

  /** How many agents offer something. */
  public int offering() {
    return offered.size();
  }

  /** The name of an agent's host, or its id while that is not known. */
  public String hostname(String agentId) {
    int slot = find(agentId);
    return slot < 0 ? agentId : agents[slot].hostname();
  }
}
