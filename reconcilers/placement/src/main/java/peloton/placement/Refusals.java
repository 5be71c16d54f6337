package peloton.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Why no host takes a pod: each known host is counted once, under the first test that it fails.
 *
 * @param hosts how many hosts are known
 * @param refusals the tests that hosts failed, in the order of the tests
 * @param remedy what would make the pod fit, in words; "" if a host would do
 * @param never whether no known host could take it, however empty
 */
public record Refusals(int hosts, List<Refusal> refusals, String remedy, boolean never) {

  public Refusals {
    refusals = List.copyOf(refusals);
  }

  /** A test, in words, and how many hosts failed it. */
  public record Refusal(String test, int hosts) {}

  /** In one line: "12 hosts: not enough CPU; 3 hosts: host label zone=a". */
  public String summary() {
    if (hosts == 0) {
      return "no host is known: none has made an offer yet";
    }
    return refusals.stream()
        .map(
            refusal ->
                refusal.hosts() + (refusal.hosts() == 1 ? " host: " : " hosts: ") + refusal.test())
        .collect(Collectors.joining("; "));
  }

  static Refusals of(AgentIndex index, BoundShape bound, Bits kept) {
    return new Explainer(index, bound, kept).explain();
  }

  /** Looks at every known host. */
  private static final class Explainer {
    private static final int KINDS = ResourceKind.COUNT;
    private static final ResourceKind[] ALL = ResourceKind.values();

    private final AgentIndex index;
    private final BoundShape bound;
    private final Bits kept;
    private final long[] needs;
    private final List<Rule> rules;
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final long[] largest = new long[KINDS];
    private int hosts;
    private int capable;
    private int nearest = -1;
    private double nearestShortage = Double.MAX_VALUE;
    private int offersNothing = -1;
    private int crowded = -1;
    private String crowdedRule = "";

    Explainer(AgentIndex index, BoundShape bound, Bits kept) {
      this.index = index;
      this.bound = bound;
      this.kept = kept;
      this.needs = bound.needs();
      this.rules = bound.shape().rules();
      Arrays.fill(largest, 0);
    }

    Refusals explain() {
      // Named in the order in which they are asked, whichever host fails first.
      for (int slot = 0; slot < index.end(); slot++) {
        AgentIndex.Agent agent = index.agent(slot);
        if (agent != null && agent.seen()) {
          hosts++;
          String test = firstFailed(slot, agent);
          if (!test.isEmpty()) {
            counts.merge(test, 1, Integer::sum);
          }
        }
      }
      List<Refusal> refusals = new ArrayList<>();
      counts.forEach((test, count) -> refusals.add(new Refusal(test, count)));
      refusals.sort((a, b) -> Integer.compare(b.hosts(), a.hosts()));
      return new Refusals(hosts, refusals, remedy(), hosts > 0 && capable == 0);
    }

    private String firstFailed(int slot, AgentIndex.Agent agent) {
      if (!bound.admitsHostPool(slot)) {
        return "not in host pool " + index.settings().hostPool();
      }
      for (int i = 0; i < rules.size(); i++) {
        if (!countsPods(rules.get(i)) && !bound.test(i).holds(slot)) {
          return "constraint: " + rules.get(i);
        }
      }
      if (!bound.admitsExclusive(slot)) {
        return "exclusive to pods that name " + Label.EXCLUSIVE;
      }
      if (!bound.admitsGpus(slot)) {
        return bound.shape().need().gpus() > 0 ? "no GPUs" : "has GPUs, kept for who asks for them";
      }
      for (int kind = 0; kind < KINDS; kind++) {
        largest[kind] = Math.max(largest[kind], agent.total(kind));
      }
      for (int kind = 0; kind < KINDS; kind++) {
        if (agent.total(kind) < needs[kind]) {
          return "too small: " + ALL[kind].lack().replace("not enough ", "");
        }
      }
      capable++;
      for (int i = 0; i < rules.size(); i++) {
        if (countsPods(rules.get(i)) && !bound.test(i).holds(slot)) {
          crowded = crowded < 0 ? slot : crowded;
          crowdedRule = crowdedRule.isEmpty() ? words(rules.get(i)) : crowdedRule;
          return words(rules.get(i));
        }
      }
      if (!index.offered().contains(slot)) {
        offersNothing = offersNothing < 0 ? slot : offersNothing;
        return "no offer now";
      }
      if (kept.contains(slot)) {
        return "kept for a pod that comes back";
      }
      return lacking(slot);
    }

    private String lacking(int slot) {
      double shortage = 0;
      String first = "";
      for (int kind = 0; kind < KINDS; kind++) {
        long missing = needs[kind] - index.free(slot, kind);
        if (missing > 0) {
          shortage += (double) missing / needs[kind];
          first = first.isEmpty() ? ALL[kind].lack() : first;
        }
      }
      if (!first.isEmpty() && shortage < nearestShortage) {
        nearestShortage = shortage;
        nearest = slot;
      }
      return first;
    }

    private static String words(Rule rule) {
      if (rule instanceof Rule.Count count && count.label().isStaticPort()) {
        return "port " + count.label().value() + " is taken";
      }
      return "constraint: " + rule;
    }

    private static boolean countsPods(Rule rule) {
      boolean[] found = new boolean[1];
      rule.forEachCount(count -> found[0] |= count.kind() == Rule.Kind.POD);
      return found[0];
    }

    private String remedy() {
      if (hosts == 0) {
        return "Mesos must offer a host";
      }
      if (capable == 0) {
        return noneCapable();
      }
      if (nearest >= 0) {
        List<String> missing = new ArrayList<>();
        for (int kind = 0; kind < KINDS; kind++) {
          long short_ = needs[kind] - index.free(nearest, kind);
          if (short_ > 0) {
            missing.add(ALL[kind].say(short_));
          }
        }
        return "host "
            + index.agent(nearest).hostname()
            + " would do with "
            + String.join(" and ", missing)
            + " more";
      }
      if (offersNothing >= 0) {
        return "host " + index.agent(offersNothing).hostname() + " may do once Mesos offers it";
      }
      if (crowded >= 0) {
        return "host "
            + index.agent(crowded).hostname()
            + " would do if this held there: "
            + crowdedRule.replaceFirst("^constraint: ", "");
      }
      return "";
    }

    private String noneCapable() {
      for (Rule rule : rules) {
        String test = "constraint: " + rule;
        if (counts.getOrDefault(test, 0) == hosts) {
          return "no known host meets the constraint: " + rule;
        }
      }
      List<String> small = new ArrayList<>();
      for (int kind = 0; kind < KINDS; kind++) {
        if (needs[kind] > largest[kind]) {
          small.add(
              ALL[kind].say(needs[kind])
                  + ", and no host that it may use has more than "
                  + ALL[kind].say(largest[kind]));
        }
      }
      if (small.isEmpty() || Arrays.stream(largest).allMatch(amount -> amount == 0)) {
        return "no known host is allowed for it";
      }
      return "it asks for " + String.join("; ", small);
    }
  }
}
