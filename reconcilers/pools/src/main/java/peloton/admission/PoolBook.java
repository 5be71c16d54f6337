package peloton.admission;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import peloton.entitlement.Amounts;
import peloton.entitlement.EntitlementTree;
import peloton.entitlement.ResourceKind;
import peloton.preemption.Candidate;
import peloton.preemption.Victims;

/**
 * The books of all resource pools: which pods wait for theirs, which are charged to it, what each
 * pool may use, and what follows from that. Cost follows change: a pod that comes, is let in or
 * goes costs a logarithm of those that wait, and a step per level of the tree.
 *
 * <p>Says the same to the same calls. Not for several threads. Times are Unix nanoseconds.
 *
 * @param <P> names a pod
 */
public final class PoolBook<P> {
  private static final int KINDS = ResourceKind.COUNT;

  private final String root;
  private final Comparator<P> pods;
  private final Duration patience;
  private final Map<P, Member<P>> members = new HashMap<>();
  private final Map<String, Account<P>> accounts = new TreeMap<>();
  private final Set<Account<P>> touched = new LinkedHashSet<>();
  private final Set<P> vacated = new LinkedHashSet<>();
  private final long[] capacity = new long[KINDS];
  private Map<String, Node> nodes = new LinkedHashMap<>();
  private EntitlementTree tree;
  private boolean moved;
  private boolean overlooked;
  private int waiting;

  /**
   * Books without pools and capacity.
   *
   * @param root the id of the pool that all others lie below
   * @param pods breaks ties between pods that began to wait at the same moment
   * @param patience how long pods behind one that does not fit may go first
   */
  public PoolBook(String root, Comparator<P> pods, Duration patience) {
    this.root = root;
    this.pods = pods;
    this.patience = patience;
    define(List.of());
  }

  // ---- pools and capacity ------------------------------------------------------------

  /** Replaces the tree. Pools whose parents lead to no root are left out, like unknown ones. */
  public void define(Collection<PoolDefinition> pools) {
    Map<String, List<PoolDefinition>> byParent = new TreeMap<>();
    for (PoolDefinition pool : pools) {
      byParent.computeIfAbsent(pool.parent(), p -> new ArrayList<>()).add(pool);
    }
    byParent.values().forEach(list -> list.sort(Comparator.comparing(PoolDefinition::id)));
    EntitlementTree.Builder builder = new EntitlementTree.Builder(KINDS);
    nodes = new LinkedHashMap<>();
    Deque<Node> open = new ArrayDeque<>();
    Node top = new Node(root, Optional.empty(), null, EntitlementTree.ROOT);
    nodes.put(root, top);
    open.add(top);
    while (!open.isEmpty()) {
      Node parent = open.remove();
      for (PoolDefinition pool : byParent.getOrDefault(parent.id, List.of())) {
        if (!nodes.containsKey(pool.id())) {
          int index = builder.add(parent.index, pool.amounts());
          Node node = new Node(pool.id(), Optional.of(pool), parent, index);
          nodes.put(pool.id(), node);
          open.add(node);
        }
      }
    }
    tree = builder.build();
    for (int kind = 0; kind < KINDS; kind++) {
      tree.setCapacity(kind, capacity[kind]);
    }
    accounts.values().removeIf(Account::isEmpty);
    touched.clear();
    for (Account<P> account : accounts.values()) {
      account.moveTo(Optional.ofNullable(nodes.get(account.id)));
      touched.add(account);
    }
    for (Member<P> member : members.values()) {
      member.account.node.ifPresent(node -> node.count(member.podClass, member.stage, 1));
    }
    moved = true;
  }

  /** Says what the cluster has, in thousandths. */
  public void capacity(Amounts amounts) {
    for (int kind = 0; kind < KINDS; kind++) {
      if (capacity[kind] != amounts.get(kind)) {
        capacity[kind] = amounts.get(kind);
        tree.setCapacity(kind, capacity[kind]);
        moved = true;
      }
    }
  }

  // ---- pods --------------------------------------------------------------------------

  /**
   * A pod wants to run. One that gave up room in this turn, as in an update, gets it back before
   * anybody else if it still fits.
   *
   * @param since since when it waits: who waited longer goes first
   * @return whether it is let in; otherwise it waits, and {@link #admit} will name it
   */
  public boolean submit(P pod, String pool, PodClass podClass, long since) {
    Member<P> before = members.get(pod);
    if (before != null
        && (before.stage == Member.Stage.WAITING || before.stage == Member.Stage.ADMITTED)
        && before.podClass.equals(podClass)
        && before.account.id.equals(pool)) {
      return before.stage == Member.Stage.ADMITTED;
    }
    if (before != null) {
      boolean charged = before.stage != Member.Stage.WAITING;
      remove(before);
      if (charged) {
        vacated.add(pod);
      }
    }
    Account<P> account = account(pool);
    Member<P> member = new Member<>(pod, account, podClass, Member.Stage.WAITING, since);
    add(member);
    if (vacated.remove(pod) && why(pod).isEmpty()) {
      replace(member, member.at(Member.Stage.ADMITTED, since));
      return true;
    }
    return false;
  }

  /**
   * A pod has, or may have, a task: it is charged, whether it was let in or not.
   *
   * @param since since when it has it
   * @param leaving whether the task is being killed
   */
  public void placed(P pod, String pool, PodClass podClass, long since, boolean leaving) {
    Member.Stage stage = leaving ? Member.Stage.LEAVING : Member.Stage.PLACED;
    Member<P> before = members.get(pod);
    if (before != null
        && before.stage == stage
        && before.since == since
        && before.podClass.equals(podClass)
        && before.account.id.equals(pool)) {
      return;
    }
    Member<P> after = new Member<>(pod, account(pool), podClass, stage, since);
    if (before == null) {
      add(after);
    } else {
      replace(before, after);
    }
  }

  /** A pod's task is gone: what it used is free. */
  public void ended(P pod) {
    Member<P> before = members.get(pod);
    if (before != null
        && (before.stage == Member.Stage.PLACED || before.stage == Member.Stage.LEAVING)) {
      remove(before);
      vacated.add(pod);
    }
  }

  /** A pod does not want to run any more; one that has a task stays charged. */
  public void withdraw(P pod) {
    Member<P> before = members.get(pod);
    if (before != null
        && (before.stage == Member.Stage.WAITING || before.stage == Member.Stage.ADMITTED)) {
      remove(before);
    }
  }

  /** What a pod in the books is charged with or waits for; nothing if it is not in them. */
  public Amounts need(P pod) {
    Member<P> member = members.get(pod);
    return member == null ? Amounts.NONE : member.podClass.need();
  }

  /** How many pods wait to be let in. */
  public int waiting() {
    return waiting;
  }

  // ---- decisions ---------------------------------------------------------------------

  /**
   * Lets in who may come in, in order, and charges them.
   *
   * @param everywhere whether to look at all pools, or only at those whose own pods have changed
   *     since the last call; what that leaves undone, {@link #isOverlooked} tells
   */
  public List<P> admit(boolean everywhere, long now) {
    syncDemand();
    List<P> admitted = new ArrayList<>();
    Collection<Account<P>> visit = everywhere ? accounts.values() : new ArrayList<>(touched);
    overlooked = !everywhere && (overlooked || moved);
    moved = false;
    for (Account<P> account : visit) {
      if (account.hasWaiting()) {
        account.admit(
            allowance(account),
            now,
            patience.toNanos(),
            member -> {
              replace(member, member.at(Member.Stage.ADMITTED, member.since));
              admitted.add(member.pod);
            });
      }
    }
    touched.clear();
    vacated.clear();
    return admitted;
  }

  /** Whether pools that the last {@link #admit} did not look at may have got room. */
  public boolean isOverlooked() {
    return overlooked && waiting > 0;
  }

  /** What a pool has to give back. */
  public record Taken<P>(P pod, boolean placed) {}

  /**
   * Names the pods that must go so that pools keep to what they are entitled to, as far as somebody
   * else needs it: never more than what pods were let in for beyond what there is. Those without a
   * task are put back in line here; of the others the caller sees to the end.
   *
   * @param hold how long a pool must have had too much before it loses anything
   * @param room how many more pods of a pod's job may be unavailable, by pod
   * @param job the name of a pod's job
   */
  public List<Taken<P>> takeBack(
      long now, Duration hold, Function<P, Integer> room, Function<P, String> job) {
    syncDemand();
    List<Taken<P>> taken = new ArrayList<>();
    for (Account<P> account : accounts.values()) {
      Excess excess = excess(account);
      if (excess.isNone()) {
        account.overSince = 0;
      } else if (account.overSince == 0) {
        account.overSince = now;
      } else if (now - account.overSince >= hold.toNanos()) {
        take(account, excess, room, job, taken);
      }
    }
    return taken;
  }

  /** Whether some pool has more than it may keep, so that {@link #takeBack} is to be called. */
  public boolean isAnyOver() {
    syncDemand();
    return accounts.values().stream()
        .anyMatch(account -> account.overSince != 0 || !excess(account).isNone());
  }

  private record Excess(long[] firm, long[] revocable) {
    boolean isNone() {
      for (int kind = 0; kind < KINDS; kind++) {
        if (firm[kind] > 0 || revocable[kind] > 0) {
          return false;
        }
      }
      return true;
    }
  }

  private Excess excess(Account<P> account) {
    long[] firm = new long[KINDS];
    long[] revocable = new long[KINDS];
    long[] missing = new long[KINDS];
    boolean any = false;
    for (int kind = 0; kind < KINDS; kind++) {
      missing[kind] = missing(account, kind);
      any |= missing[kind] > 0;
    }
    if (!any) {
      return new Excess(firm, revocable);
    }
    Allowance allowance = allowance(account);
    Ledger ledger = account.ledger;
    for (int kind = 0; kind < KINDS; kind++) {
      long over =
          ledger.revocable[kind] - ledger.revocableLeaving[kind] - allowance.revocable()[kind];
      revocable[kind] = Math.max(0, Math.min(over, missing[kind]));
      over = ledger.firm[kind] - ledger.firmLeaving[kind] - allowance.firm()[kind];
      firm[kind] = Math.max(0, Math.min(over, missing[kind] - revocable[kind]));
    }
    return new Excess(firm, revocable);
  }

  /** What is missing in the cluster, or above the limit of a pool on the way there. */
  private long missing(Account<P> account, int kind) {
    long most = 0;
    for (Node node = account.node.orElse(null); node != null; node = node.parent) {
      int k = kind;
      long bound = node.definition.map(pool -> pool.limit(k)).orElse(capacity[kind]);
      most = Math.max(most, node.charged[kind] - node.leaving[kind] - bound);
    }
    return most;
  }

  private void take(
      Account<P> account,
      Excess excess,
      Function<P, Integer> room,
      Function<P, String> job,
      List<Taken<P>> taken) {
    List<Candidate<P>> candidates = new ArrayList<>();
    for (Member<P> member : members.values()) {
      if (member.account == account
          && member.podClass.preemptible()
          && (member.stage == Member.Stage.ADMITTED || member.stage == Member.Stage.PLACED)) {
        boolean placed = member.stage == Member.Stage.PLACED;
        candidates.add(
            new Candidate<>(
                member.pod,
                job.apply(member.pod),
                placed ? room.apply(member.pod) : Integer.MAX_VALUE,
                member.podClass.need(),
                member.podClass.revocable(),
                placed,
                member.podClass.priority(),
                member.since));
      }
    }
    for (Candidate<P> victim :
        Victims.choose(candidates, excess.firm(), excess.revocable(), pods)) {
      Member<P> member = members.get(victim.pod());
      if (victim.placed()) {
        replace(member, member.at(Member.Stage.LEAVING, member.since));
      } else {
        replace(member, member.at(Member.Stage.WAITING, member.since));
      }
      taken.add(new Taken<>(victim.pod(), victim.placed()));
    }
  }

  // ---- what can be seen --------------------------------------------------------------

  /** Why a pod waits; empty if it does not, or not for long any more. */
  public Optional<Refusal> whyWaiting(P pod) {
    Member<P> member = members.get(pod);
    if (member == null || member.stage != Member.Stage.WAITING) {
      return Optional.empty();
    }
    syncDemand();
    return Optional.of(member.account.why(allowance(member.account), member.podClass));
  }

  /** The first rule against a pod as if it were the only one that waits; empty if there is none. */
  private Optional<Refusal> why(P pod) {
    Member<P> member = members.get(pod);
    syncDemand(member.account);
    Refusal refusal = member.account.why(allowance(member.account), member.podClass);
    return refusal.rule() == Refusal.Rule.ROOM_KEPT ? Optional.empty() : Optional.of(refusal);
  }

  /** Every pool, the root first, each after its parent. */
  public List<PoolState> states() {
    syncDemand();
    double[][] entitlements = new double[KINDS][tree.size()];
    for (int kind = 0; kind < KINDS; kind++) {
      tree.entitlements(kind, entitlements[kind]);
    }
    List<PoolState> states = new ArrayList<>();
    for (Node node : nodes.values()) {
      long[] entitlement = new long[KINDS];
      long[] demand = new long[KINDS];
      for (int kind = 0; kind < KINDS; kind++) {
        entitlement[kind] = whole(entitlements[kind][node.index]);
        demand[kind] = node.charged[kind] + node.waiting[kind];
      }
      states.add(
          new PoolState(
              node.id,
              Amounts.of(node.charged),
              Amounts.of(node.revocable),
              Amounts.of(demand),
              Amounts.of(entitlement)));
    }
    return states;
  }

  // ---- the books ---------------------------------------------------------------------

  private Account<P> account(String pool) {
    return accounts.computeIfAbsent(
        pool,
        id -> {
          Account<P> account = new Account<>(id, pods);
          account.moveTo(Optional.ofNullable(nodes.get(id)));
          return account;
        });
  }

  private void add(Member<P> member) {
    members.put(member.pod, member);
    enter(member, 1);
  }

  private void remove(Member<P> member) {
    members.remove(member.pod);
    enter(member, -1);
  }

  private void replace(Member<P> before, Member<P> after) {
    enter(before, -1);
    members.put(after.pod, after);
    enter(after, 1);
  }

  private void enter(Member<P> member, int sign) {
    Account<P> account = member.account;
    if (member.stage == Member.Stage.WAITING) {
      waiting += sign;
      if (sign > 0) {
        account.enqueue(member);
      } else {
        account.dequeue(member);
      }
    } else {
      account.charge(member, sign);
    }
    account.node.ifPresent(node -> node.count(member.podClass, member.stage, sign));
    touched.add(account);
  }

  private void syncDemand() {
    touched.forEach(this::syncDemand);
  }

  private void syncDemand(Account<P> account) {
    Optional<PoolDefinition> pool =
        account.node.filter(node -> node.leaf).flatMap(node -> node.definition);
    if (pool.isPresent()) {
      for (int kind = 0; kind < KINDS; kind++) {
        long demand = account.ledger.demand(pool.get(), kind);
        moved |= tree.setDemand(account.node.get().index, kind, demand);
      }
    }
  }

  private Allowance allowance(Account<P> account) {
    if (account.node.isEmpty() || account.node.get().definition.isEmpty()) {
      return Allowance.NONE;
    }
    long[] entitlement = new long[KINDS];
    for (int kind = 0; kind < KINDS; kind++) {
      entitlement[kind] = whole(tree.entitlement(account.node.get().index, kind));
    }
    return Allowance.of(account.node.get().definition.get(), account.ledger, entitlement);
  }

  /** Whole thousandths; what binary fractions lost on the way does not cost one. */
  private static long whole(double amount) {
    return (long) Math.floor(amount * (1 + 1e-12) + 1e-6);
  }
}
