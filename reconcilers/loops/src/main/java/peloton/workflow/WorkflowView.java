package peloton.workflow;

import java.util.Objects;
import java.util.Optional;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.records.WorkflowCommand;

/**
 * All that the decision about a workflow depends on.
 *
 * @param state its stored state; empty if it was never looked at
 * @param previousState the state to return to from PAUSED
 * @param command what clients last asked
 * @param cancelled whether a newer workflow took its place or the job is being deleted
 * @param batchSize instances to have in hand at once; 0 for all
 * @param tolerableFailures failed instances at which it fails; 0 for never
 * @param wayBack whether and how it can be undone
 * @param waiting instances that it has not touched yet
 * @param takeable how many of those may be touched now
 * @param current instances that it has in hand
 * @param failed instances that it gave up
 */
public record WorkflowView(
    Optional<WorkflowState> state,
    WorkflowState previousState,
    WorkflowCommand command,
    boolean cancelled,
    int batchSize,
    int tolerableFailures,
    WayBack wayBack,
    int waiting,
    int takeable,
    int current,
    int failed) {

  /** What happens to a workflow that fails on its way forward. */
  public enum WayBack {
    /** It stays where it is. */
    NONE,
    /** It is to be undone, and the version to go back to must be written first. */
    WANTED,
    /** It is to be undone, and the version to go back to is there. */
    READY
  }

  public WorkflowView {
    Objects.requireNonNull(state);
    Objects.requireNonNull(previousState);
    Objects.requireNonNull(command);
    Objects.requireNonNull(wayBack);
  }
}
