package peloton.operator.read;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import peloton.api.operator.v1.Refusal;
import peloton.api.operator.v1.WaitingPods;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.pod.PodPhase;
import peloton.records.PodRecord;
import peloton.records.RefusalRecord;
import peloton.records.WaitingGroupRecord;
import peloton.records.WaitingStage;
import peloton.store.view.JobEntry;

/** Why pods wait, from what the leader recorded of their job. */
public final class WaitingReader {
  private WaitingReader() {}

  /** Every reason that pods of the job have. */
  public static List<WaitingPods> all(JobEntry job) {
    return job.waiting().getGroupsList().stream().map(WaitingReader::pods).toList();
  }

  /**
   * The reason of one pod; empty if it does not wait, or not for long enough.
   *
   * @param record the pod's record, or what stands for it before its first launch
   */
  static Optional<WaitingGroupRecord> of(JobEntry job, int instance, PodRecord record) {
    if (job.waiting().getGroupsCount() == 0 || PodPhase.of(record) != PodPhase.WAITING) {
      return Optional.empty();
    }
    return job.waiting().getGroupsList().stream()
        .filter(
            group ->
                group.getInstancesList().stream()
                    .anyMatch(range -> range.getFrom() <= instance && instance < range.getTo()))
        .findFirst();
  }

  /** Everything in one line. */
  static String line(WaitingGroupRecord group) {
    StringBuilder line = new StringBuilder(stage(group.getStage())).append(": ");
    line.append(group.getMessage());
    if (group.getRefusalsCount() > 0) {
      line.append(
          group.getRefusalsList().stream()
              .map(WaitingReader::words)
              .collect(Collectors.joining("; ", " (", ")")));
    }
    if (!group.getRemedy().isEmpty()) {
      line.append("; ").append(group.getRemedy());
    }
    return line.toString();
  }

  private static WaitingPods pods(WaitingGroupRecord group) {
    WaitingPods.Builder pods =
        WaitingPods.newBuilder()
            .setStageValue(group.getStageValue())
            .setReason(group.getReason())
            .setMessage(group.getMessage())
            .setHosts(group.getHosts())
            .setRemedy(group.getRemedy())
            .setSince(Times.seconds(group.getSince()));
    group
        .getInstancesList()
        .forEach(
            range ->
                pods.addInstances(
                    InstanceIDRange.newBuilder().setFrom(range.getFrom()).setTo(range.getTo())));
    group
        .getRefusalsList()
        .forEach(
            refusal ->
                pods.addRefusals(
                    Refusal.newBuilder().setTest(refusal.getTest()).setHosts(refusal.getHosts())));
    return pods.build();
  }

  private static String words(RefusalRecord refusal) {
    return refusal.getHosts()
        + (refusal.getHosts() == 1 ? " host: " : " hosts: ")
        + refusal.getTest();
  }

  private static String stage(WaitingStage stage) {
    return switch (stage) {
      case WAITING_STAGE_ADMISSION -> "admission";
      case WAITING_STAGE_PLACEMENT -> "placement";
      case WAITING_STAGE_LAUNCH -> "launch";
      case WAITING_STAGE_INVALID, UNRECOGNIZED -> "waiting";
    };
  }
}
