package peloton.loop;

import peloton.placement.Refusals;
import peloton.records.RefusalRecord;
import peloton.records.WaitingGroupRecord;
import peloton.records.WaitingStage;

/** Why pods have no place, as it is recorded. */
final class PlacementReasons {
  /** No host takes the pod as things are. */
  static final String NO_HOST_FITS = "NO_HOST_FITS";

  /**
   * No host that is known could take it, were it empty: the specification or the fleet must change.
   */
  static final String NO_HOST_CAN_FIT = "NO_HOST_CAN_FIT";

  /** Mesos offers nothing that would do. */
  static final String NO_OFFERS = "NO_OFFERS";

  /** The pod is to come back to its host, which has no room for it yet. */
  static final String HOST_NOT_FREE = "HOST_NOT_FREE";

  /** The pod's volume is on a host that has no room for it, or is away. */
  static final String VOLUME_NOT_FREE = "VOLUME_NOT_FREE";

  /** Mesos cannot be reached. */
  static final String NO_MESOS = "NO_MESOS";

  /** Operators have locked launches down. */
  static final String LOCKED_DOWN = "LOCKED_DOWN";

  private PlacementReasons() {}

  static WaitingGroupRecord of(Refusals refusals) {
    boolean offersOnly =
        refusals.refusals().stream().allMatch(refusal -> refusal.test().equals("no offer now"));
    String reason = refusals.never() ? NO_HOST_CAN_FIT : offersOnly ? NO_OFFERS : NO_HOST_FITS;
    String message =
        refusals.never()
            ? "no host that is known could take the pod"
            : offersOnly ? "Mesos offers no host" : "no host takes the pod now";
    return record(WaitingStage.WAITING_STAGE_PLACEMENT, reason, message, refusals);
  }

  static WaitingGroupRecord comingBack(String host, Refusals refusals) {
    return record(
        WaitingStage.WAITING_STAGE_PLACEMENT,
        HOST_NOT_FREE,
        "the pod is to come back to host " + host + ", which has no room for it yet",
        refusals);
  }

  static WaitingGroupRecord boundTo(String volume, String host) {
    return record(
        WaitingStage.WAITING_STAGE_PLACEMENT,
        VOLUME_NOT_FREE,
        "the pod's volume "
            + volume
            + " is on host "
            + host
            + ", which has no room or makes no offer",
        "it runs again once the host offers what it needs; to let it go elsewhere without its data:"
            + " peloton volume delete "
            + volume);
  }

  static WaitingGroupRecord noMesos() {
    return record(
        WaitingStage.WAITING_STAGE_PLACEMENT,
        NO_MESOS,
        "there is no subscription to a Mesos master",
        "the operator tries again by itself; see its log");
  }

  static WaitingGroupRecord lockedDown() {
    return record(
        WaitingStage.WAITING_STAGE_LAUNCH,
        LOCKED_DOWN,
        "launches are locked down",
        "an operator must end the lockdown: peloton admin unlock");
  }

  private static WaitingGroupRecord record(
      WaitingStage stage, String reason, String message, Refusals refusals) {
    WaitingGroupRecord.Builder record =
        record(stage, reason, message, refusals.remedy()).toBuilder().setHosts(refusals.hosts());
    refusals
        .refusals()
        .forEach(
            refusal ->
                record.addRefusals(
                    RefusalRecord.newBuilder().setTest(refusal.test()).setHosts(refusal.hosts())));
    return record.build();
  }

  private static WaitingGroupRecord record(
      WaitingStage stage, String reason, String message, String remedy) {
    return WaitingGroupRecord.newBuilder()
        .setStage(stage)
        .setReason(reason)
        .setMessage(message)
        .setRemedy(remedy)
        .build();
  }
}
