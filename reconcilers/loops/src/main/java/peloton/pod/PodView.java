package peloton.pod;

import java.util.Objects;
import java.util.Optional;
import peloton.records.PodRecord;

/**
 * All that the decision about one instance depends on.
 *
 * @param goal what the instance should come to
 * @param record what is known of it; empty if it was never launched
 * @param version the configuration version that it should be on
 * @param replacement how a run is ended that is not the one, or not on the version, that it should
 *     be
 * @param admitted whether an instance without a record may be launched: its workflow has reached
 *     it, or no workflow holds it back
 * @param startedSince whether the job was started after the record's back-off began
 * @param now Unix nanoseconds
 * @param launchTimeout nanoseconds after which a launch that Mesos never spoke of is given up
 * @param killTimeout nanoseconds after which the executor of a task that a kill did not end is shut
 *     down
 * @param unreachableTimeout nanoseconds after which a run on an agent that cannot be reached is
 *     given up
 */
public record PodView(
    PodGoal goal,
    Optional<PodRecord> record,
    long version,
    PodAction.Kill replacement,
    boolean admitted,
    boolean startedSince,
    long now,
    long launchTimeout,
    long killTimeout,
    long unreachableTimeout) {

  public PodView {
    Objects.requireNonNull(goal);
    Objects.requireNonNull(record);
    Objects.requireNonNull(replacement);
  }
}
