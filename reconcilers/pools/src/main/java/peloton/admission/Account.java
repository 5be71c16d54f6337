package peloton.admission;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;

/** The books and the queue of one pool in which pods are. */
final class Account<P> {
  final String id;
  final Ledger ledger = new Ledger();

  /** Where the pool is in the tree; empty if there is no such pool. */
  Optional<Node> node = Optional.empty();

  /** Since when it has more than it may keep, Unix nanoseconds; 0 if it has not. */
  long overSince;

  private final Comparator<Member<P>> firstCome;
  private final Comparator<Member<P>> order;
  private final Map<PodClass, TreeSet<Member<P>>> queue = new HashMap<>();
  private int members;

  Account(String id, Comparator<P> pods) {
    this.id = id;
    firstCome =
        Comparator.<Member<P>>comparingLong(member -> member.since)
            .thenComparing(member -> member.pod, pods);
    order =
        Comparator.<Member<P>, Integer>comparing(
                member -> member.podClass.priority(), Integer::compareUnsigned)
            .reversed()
            .thenComparing(firstCome);
  }

  /** The tree has changed. Pods that could never be let in are no demand: nobody makes room. */
  void moveTo(Optional<Node> place) {
    node = place;
    ledger.forgetWaiting();
    queue.forEach(
        (podClass, line) -> {
          if (couldHold(podClass)) {
            line.forEach(member -> ledger.queue(podClass, 1));
          }
        });
  }

  /** Whether the pool would let such a pod in if it had no others and the cluster enough. */
  private boolean couldHold(PodClass pod) {
    return node.filter(at -> at.leaf)
        .flatMap(at -> at.definition)
        .filter(pool -> fitsAlone(pool, Allowance.PLENTY, pod))
        .isPresent();
  }

  void enqueue(Member<P> member) {
    members++;
    queue.computeIfAbsent(member.podClass, c -> new TreeSet<>(firstCome)).add(member);
    if (couldHold(member.podClass)) {
      ledger.queue(member.podClass, 1);
    }
  }

  void dequeue(Member<P> member) {
    members--;
    TreeSet<Member<P>> line = queue.get(member.podClass);
    line.remove(member);
    if (line.isEmpty()) {
      queue.remove(member.podClass);
    }
    if (couldHold(member.podClass)) {
      ledger.queue(member.podClass, -1);
    }
  }

  void charge(Member<P> member, int sign) {
    members += sign;
    ledger.charge(member.podClass, sign);
    if (member.stage == Member.Stage.LEAVING) {
      ledger.leave(member.podClass, sign);
    }
  }

  /** Whether no pod is in the books here. */
  boolean isEmpty() {
    return members == 0;
  }

  boolean hasWaiting() {
    return !queue.isEmpty();
  }

  /** Takes a pod in. */
  interface Admitter<P> {
    void admit(Member<P> member);
  }

  /**
   * Lets in who fits, in order: priority, then time of waiting. Who does not fit is passed over,
   * and with him those of his class, since they fit no better. Once somebody who could fit some day
   * has waited for long enough, those behind him get only what is left beside him.
   *
   * @param patience nanoseconds of waiting after which nobody behind goes first any more
   */
  void admit(Allowance allowance, long now, long patience, Admitter<P> admitter) {
    PoolDefinition pool = node.flatMap(at -> at.definition).orElse(null);
    if (pool == null || !node.get().leaf) {
      return;
    }
    PriorityQueue<Member<P>> heads = new PriorityQueue<>(order);
    queue.values().forEach(line -> heads.add(line.first()));
    Optional<PodClass> kept = Optional.empty();
    while (!heads.isEmpty()) {
      Member<P> head = heads.remove();
      Optional<Refusal> refusal = AdmissionDecider.refusal(pool, ledger, allowance, head.podClass);
      if (refusal.isEmpty()) {
        admitter.admit(head);
        TreeSet<Member<P>> line = queue.get(head.podClass);
        if (line != null) {
          heads.add(line.first());
        }
      } else if (kept.isEmpty()
          && now - head.since >= patience
          && fitsAlone(pool, allowance, head.podClass)) {
        kept = Optional.of(head.podClass);
        ledger.charge(head.podClass, 1);
      }
    }
    kept.ifPresent(pod -> ledger.charge(pod, -1));
  }

  /** Whether a pod would fit if there were no other: otherwise waiting for it is of no use. */
  private static boolean fitsAlone(PoolDefinition pool, Allowance allowance, PodClass pod) {
    return AdmissionDecider.refusal(pool, new Ledger(), allowance, pod).isEmpty();
  }

  /** The first rule against a pod that waits here. */
  Refusal why(Allowance allowance, PodClass pod) {
    if (node.isEmpty()) {
      return Refusal.of(Refusal.Rule.NO_POOL);
    }
    if (!node.get().leaf || node.get().definition.isEmpty()) {
      return Refusal.of(Refusal.Rule.NOT_A_LEAF);
    }
    return AdmissionDecider.refusal(node.get().definition.get(), ledger, allowance, pod)
        .orElse(Refusal.of(Refusal.Rule.ROOM_KEPT));
  }
}
