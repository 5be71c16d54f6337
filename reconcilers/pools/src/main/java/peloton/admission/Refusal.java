package peloton.admission;

import java.math.BigDecimal;
import peloton.entitlement.ResourceKind;

/**
 * Why a pod is not let in now.
 *
 * @param kind what there is too little of; of no meaning for the rules that are not about amounts
 * @param need what the pod needs of it, in thousandths
 * @param used what counts against the rule already
 * @param allowed the most that may
 */
public record Refusal(Rule rule, ResourceKind kind, long need, long used, long allowed) {

  /** The rules of admission. */
  public enum Rule {
    /** The pool does not exist any more. */
    NO_POOL,
    /** The pool has child pools, and pods are in leaves only. */
    NOT_A_LEAF,
    /** The pod alone needs more than the pool's limit. */
    POOL_LIMIT,
    /** Pods that are not preemptible stay within the pool's reservation. */
    RESERVATION,
    /** Controllers stay within the pool's controller limit. */
    CONTROLLER_LIMIT,
    /** Revocable pods stay within the pool's slack limit. */
    SLACK_LIMIT,
    /** The pool stays within what it is entitled to. */
    ENTITLEMENT,
    /** A pod that goes first has waited for so long that room is kept for it. */
    ROOM_KEPT
  }

  static Refusal of(Rule rule) {
    return new Refusal(rule, ResourceKind.CPU, 0, 0, 0);
  }

  /** Whether it can pass without anybody changing the pool or the pod. */
  public boolean mayPass() {
    return switch (rule) {
      case NO_POOL, NOT_A_LEAF, POOL_LIMIT -> false;
      case RESERVATION, CONTROLLER_LIMIT, SLACK_LIMIT -> need <= allowed;
      case ENTITLEMENT, ROOM_KEPT -> true;
    };
  }

  /** In a sentence, with what would help. */
  public String describe() {
    return switch (rule) {
      case NO_POOL -> "its resource pool does not exist; create it again or delete the job";
      case NOT_A_LEAF -> "its resource pool has child pools; pods run in leaves only";
      case POOL_LIMIT ->
          "it needs "
              + amount(need)
              + ", more than its resource pool's limit of "
              + amount(allowed)
              + "; raise the limit or ask for less";
      case RESERVATION ->
          "it is not preemptible and needs "
              + amount(need)
              + "; of its resource pool's reservation of "
              + amount(allowed)
              + " other such pods use "
              + number(used)
              + "; raise the reservation or make the job preemptible";
      case CONTROLLER_LIMIT ->
          "it is a controller and needs "
              + amount(need)
              + "; of its resource pool's controller limit of "
              + amount(allowed)
              + ", "
              + number(used)
              + " is used";
      case SLACK_LIMIT ->
          "it is revocable and needs "
              + amount(need)
              + "; of its resource pool's slack limit of "
              + amount(allowed)
              + ", "
              + number(used)
              + " is used";
      case ENTITLEMENT ->
          "it needs "
              + amount(need)
              + "; of the "
              + amount(allowed)
              + " that its resource pool is entitled to now, "
              + number(used)
              + " is used";
      case ROOM_KEPT ->
          "it would fit, but a pod of its resource pool that goes first has waited long, and room"
              + " is kept for that one";
    };
  }

  private String amount(long milli) {
    String unit =
        switch (kind) {
          case MEMORY, DISK -> " MB";
          case CPU, GPU, REVOCABLE_CPU -> "";
        };
    return number(milli) + unit + " " + kind.label();
  }

  private static String number(long milli) {
    return BigDecimal.valueOf(milli, 3).stripTrailingZeros().toPlainString();
  }
}
