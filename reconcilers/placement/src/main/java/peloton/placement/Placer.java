package peloton.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Chooses an agent for each waiting pod: the one with the fewest pods of this framework, among
 * those the one with the most free CPU. Large batches use fewer agents than they could, since what
 * an accepted offer leaves over comes back only with the master's next allocation.
 *
 * <p>A pod with a home goes there or nowhere, and an agent that is the home of a pod for which it
 * has no room yet takes no others: what is freed there is meant for that pod.
 */
public final class Placer {
  /** A batch of up to this many pods may touch as many agents. */
  static final int ALWAYS_SPREAD = 64;

  /** Beyond that, each agent takes about this many pods of a batch. */
  static final int PODS_PER_AGENT = 4;

  private Placer() {}

  /** What an agent has free. {@code pods}: how many pods of this framework it runs. */
  public record Agent(
      String id, long cpus, long memory, long disk, long gpus, int ports, int pods) {
    boolean fits(Need need) {
      return need.cpus() <= cpus
          && need.memory() <= memory
          && need.disk() <= disk
          && need.gpus() <= gpus
          && need.ports() <= ports;
    }

    Agent less(Need need) {
      return new Agent(
          id,
          cpus - need.cpus(),
          memory - need.memory(),
          disk - need.disk(),
          gpus - need.gpus(),
          ports - need.ports(),
          pods + 1);
    }
  }

  /** Where one pod goes. */
  public record Assignment<P>(P pod, String agentId) {}

  /** A pod and what it needs. {@code home}: the id of the only agent that will do; "" for any. */
  public record Request<P>(P pod, Need need, String home) {
    public Request(P pod, Need need) {
      this(pod, need, "");
    }
  }

  private static final Comparator<Agent> EMPTIEST =
      Comparator.comparingInt(Agent::pods)
          .thenComparing(Comparator.comparingLong(Agent::cpus).reversed())
          .thenComparing(Agent::id);

  /** The pods that fit, in the order of the requests; the others stay where they were. */
  public static <P> List<Assignment<P>> place(List<Agent> agents, List<Request<P>> requests) {
    int most = Math.max(ALWAYS_SPREAD, requests.size() / PODS_PER_AGENT);
    TreeSet<Agent> untouched = new TreeSet<>(EMPTIEST);
    untouched.addAll(agents);
    TreeSet<Agent> touched = new TreeSet<>(EMPTIEST);
    List<Assignment<P>> assignments = new ArrayList<>();
    bringHome(agents, requests, untouched, touched, assignments);
    Set<Need> hopeless = new HashSet<>();
    for (Request<P> request : requests) {
      if (!request.home().isEmpty() || hopeless.contains(request.need())) {
        continue;
      }
      Agent agent = touched.size() < most ? take(untouched, request.need()) : null;
      if (agent == null) {
        agent = take(touched, request.need());
      }
      if (agent == null) {
        agent = take(untouched, request.need());
      }
      if (agent == null) {
        hopeless.add(request.need());
        continue;
      }
      touched.add(agent.less(request.need()));
      assignments.add(new Assignment<>(request.pod(), agent.id()));
    }
    return assignments;
  }

  private static <P> void bringHome(
      List<Agent> agents,
      List<Request<P>> requests,
      Set<Agent> untouched,
      Set<Agent> touched,
      List<Assignment<P>> assignments) {
    Set<String> homes = new HashSet<>();
    requests.forEach(request -> homes.add(request.home()));
    Map<String, Agent> left = new HashMap<>();
    for (Agent agent : agents) {
      if (homes.contains(agent.id())) {
        left.put(agent.id(), agent);
        untouched.remove(agent);
      }
    }
    if (left.isEmpty()) {
      return;
    }
    Set<String> full = new HashSet<>();
    Set<String> used = new HashSet<>();
    for (Request<P> request : requests) {
      Agent home = left.get(request.home());
      if (home == null) {
        continue;
      }
      if (home.fits(request.need())) {
        left.put(home.id(), home.less(request.need()));
        used.add(home.id());
        assignments.add(new Assignment<>(request.pod(), home.id()));
      } else {
        full.add(home.id());
      }
    }
    left.keySet().removeAll(full);
    left.forEach((id, agent) -> (used.contains(id) ? touched : untouched).add(agent));
  }

  private static Agent take(TreeSet<Agent> agents, Need need) {
    for (Iterator<Agent> each = agents.iterator(); each.hasNext(); ) {
      Agent agent = each.next();
      if (agent.fits(need)) {
        each.remove();
        return agent;
      }
    }
    return null;
  }
}
