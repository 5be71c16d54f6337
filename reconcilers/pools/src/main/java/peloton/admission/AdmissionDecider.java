package peloton.admission;

import java.util.Optional;
import peloton.admission.Refusal.Rule;
import peloton.entitlement.Amounts;
import peloton.entitlement.ResourceKind;

/** The rules of admission for one pod as things stand. Pure. */
final class AdmissionDecider {
  private static final ResourceKind[] KINDS = ResourceKind.values();

  private AdmissionDecider() {}

  /** The first rule against a pod; empty if it may come in. */
  static Optional<Refusal> refusal(
      PoolDefinition pool, Ledger ledger, Allowance allowance, PodClass pod) {
    for (ResourceKind kind : KINDS) {
      Refusal refusal = refusal(pool, ledger, allowance, pod, kind);
      if (refusal != null) {
        return Optional.of(refusal);
      }
    }
    return Optional.empty();
  }

  /** Kinds that the pod does not need are not asked about: a pool may be full of those. */
  private static Refusal refusal(
      PoolDefinition pool, Ledger ledger, Allowance allowance, PodClass pod, ResourceKind kind) {
    int k = kind.ordinal();
    long need = pod.need().get(k);
    if (need == 0) {
      return null;
    }
    if (need > pool.limit(k)) {
      return new Refusal(Rule.POOL_LIMIT, kind, need, 0, pool.limit(k));
    }
    if (pod.revocable()) {
      long slack = pool.slackLimit().get(k);
      if (slack != Amounts.MAX && ledger.revocable[k] + need > slack) {
        return new Refusal(Rule.SLACK_LIMIT, kind, need, ledger.revocable[k], slack);
      }
      return beyond(Rule.ENTITLEMENT, kind, need, ledger.revocable[k], allowance.revocable()[k]);
    }
    if (!pod.preemptible() && ledger.nonPreemptible[k] + need > pool.reservation(k)) {
      return new Refusal(
          Rule.RESERVATION, kind, need, ledger.nonPreemptible[k], pool.reservation(k));
    }
    if (pod.controller() && ledger.controllers[k] + need > pool.controllerLimit().get(k)) {
      return new Refusal(
          Rule.CONTROLLER_LIMIT, kind, need, ledger.controllers[k], pool.controllerLimit().get(k));
    }
    return beyond(Rule.ENTITLEMENT, kind, need, ledger.firm[k], allowance.firm()[k]);
  }

  private static Refusal beyond(Rule rule, ResourceKind kind, long need, long used, long allowed) {
    return used + need > allowed ? new Refusal(rule, kind, need, used, allowed) : null;
  }
}
