package peloton.desired.job;

import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.desired.Violation;

/** What a restart is asked to restart. */
final class Restarts {
  private Restarts() {}

  /**
   * What a request says: its {@code restart_spec}, or if there is none its own {@code ranges} and
   * {@code batch_size}, in which older clients say the same.
   */
  static RestartSpec of(RestartJobRequest request) {
    return request.hasRestartSpec()
        // What we do not understand of it would only take room.
        ? request.getRestartSpec().toBuilder()
            .setUnknownFields(UnknownFieldSet.getDefaultInstance())
            .build()
        : RestartSpec.newBuilder()
            .setBatchSize(request.getBatchSize())
            .addAllRanges(request.getRangesList())
            .build();
  }

  /** What is wrong with the ranges of a request. A range that holds nothing is allowed. */
  static List<Violation> validate(RestartJobRequest request) {
    String path = request.hasRestartSpec() ? "restart_spec.ranges" : "ranges";
    List<InstanceIDRange> ranges = of(request).getRangesList();
    List<Violation> violations = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      if (from(ranges.get(i)) > to(ranges.get(i))) {
        violations.add(
            Violation.invalid(
                path + "[" + i + "]",
                "from " + from(ranges.get(i)) + " to " + to(ranges.get(i)),
                "from must not be greater than to, which is the first instance after the range"));
      }
    }
    return violations;
  }

  /**
   * The same restart with as few ranges as can be, in order, none beyond the job's instances. No
   * ranges mean all instances, so one that holds nothing stays where all of them are beyond.
   */
  static RestartSpec clipped(RestartSpec restart, int instances) {
    if (restart.getRangesCount() == 0) {
      return restart;
    }
    List<InstanceIDRange> given =
        restart.getRangesList().stream()
            .filter(range -> Math.min(from(range), instances) < Math.min(to(range), instances))
            .sorted(Comparator.comparingLong(Restarts::from))
            .toList();
    RestartSpec.Builder clipped = restart.toBuilder().clearRanges();
    for (InstanceIDRange range : given) {
      int to = (int) Math.min(to(range), instances);
      int last = clipped.getRangesCount() - 1;
      if (last >= 0 && from(range) <= clipped.getRanges(last).getTo()) {
        InstanceIDRange.Builder before = clipped.getRangesBuilder(last);
        before.setTo(Math.max(before.getTo(), to));
      } else {
        clipped.addRangesBuilder().setFrom(range.getFrom()).setTo(to);
      }
    }
    if (clipped.getRangesCount() == 0) {
      clipped.addRangesBuilder().setFrom(instances).setTo(instances);
    }
    return clipped.build();
  }

  /** Whether a clipped restart concerns any of the job's instances. */
  static boolean touchesAny(RestartSpec clipped, int instances) {
    return clipped.getRangesCount() == 0
        ? instances > 0
        : clipped.getRanges(0).getFrom() < clipped.getRanges(0).getTo();
  }

  private static long from(InstanceIDRange range) {
    return Integer.toUnsignedLong(range.getFrom());
  }

  private static long to(InstanceIDRange range) {
    return Integer.toUnsignedLong(range.getTo());
  }
}
