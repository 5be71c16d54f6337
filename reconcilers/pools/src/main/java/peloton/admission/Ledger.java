package peloton.admission;

import java.util.Arrays;
import peloton.entitlement.Amounts;
import peloton.entitlement.ResourceKind;

/** What the pods of one pool use and wait for, in thousandths by kind. Firm is not revocable. */
final class Ledger {
  private static final int REVOCABLE = 4;

  /** What is charged: from admission until the task is gone. */
  final long[] firm = new long[ResourceKind.COUNT];

  final long[] revocable = new long[ResourceKind.COUNT];

  /** Of what is firm: the parts that have limits of their own. */
  final long[] nonPreemptible = new long[ResourceKind.COUNT];

  final long[] controllers = new long[ResourceKind.COUNT];

  /** Of what is charged: what comes free, since its tasks are being killed. */
  final long[] firmLeaving = new long[ResourceKind.COUNT];

  final long[] revocableLeaving = new long[ResourceKind.COUNT];

  /**
   * What waits and could be let in some day: preemptible or not, controller or not; and what is
   * revocable.
   */
  private final long[][] waiting = new long[REVOCABLE + 1][ResourceKind.COUNT];

  void charge(PodClass pod, int sign) {
    pod.need().addTo(pod.revocable() ? revocable : firm, sign);
    if (!pod.revocable()) {
      if (!pod.preemptible()) {
        pod.need().addTo(nonPreemptible, sign);
      }
      if (pod.controller()) {
        pod.need().addTo(controllers, sign);
      }
    }
  }

  void leave(PodClass pod, int sign) {
    pod.need().addTo(pod.revocable() ? revocableLeaving : firmLeaving, sign);
  }

  void queue(PodClass pod, int sign) {
    pod.need().addTo(waiting[slot(pod)], sign);
  }

  /** Forgets what waits. */
  void forgetWaiting() {
    for (long[] sums : waiting) {
      Arrays.fill(sums, 0);
    }
  }

  private static int slot(PodClass pod) {
    return pod.revocable() ? REVOCABLE : (pod.preemptible() ? 0 : 1) + (pod.controller() ? 2 : 0);
  }

  /** What firm pods use, and what those that wait could use within their own limits. */
  long firmDemand(PoolDefinition pool, int kind) {
    long controllerRoom = room(pool.controllerLimit().get(kind), controllers[kind]);
    long preemptibleControllers = Math.min(waiting[2][kind], controllerRoom);
    long otherControllers = Math.min(waiting[3][kind], controllerRoom - preemptibleControllers);
    long reserved =
        Math.min(
            waiting[1][kind] + otherControllers,
            room(pool.reservation(kind), nonPreemptible[kind]));
    return Math.min(Amounts.MAX, firm[kind] + waiting[0][kind] + preemptibleControllers + reserved);
  }

  /** What revocable pods use and wait for, within the slack limit. */
  long revocableDemand(PoolDefinition pool, int kind) {
    return Math.min(pool.slackLimit().get(kind), revocable[kind] + waiting[REVOCABLE][kind]);
  }

  /** What the pool is to be entitled to if there is enough. */
  long demand(PoolDefinition pool, int kind) {
    return Math.min(Amounts.MAX, firmDemand(pool, kind) + revocableDemand(pool, kind));
  }

  private static long room(long limit, long used) {
    return Math.max(0, limit - used);
  }
}
