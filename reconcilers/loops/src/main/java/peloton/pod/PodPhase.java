package peloton.pod;

import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.PodRecord;

/** What a pod's stored state means for the loops. */
public enum PodPhase {
  /** Never launched: there is no record. */
  ABSENT,
  /** A run exists on paper and waits for a place. */
  WAITING,
  /** Mesos may know the task: the launch was decided, and no end was seen. */
  LIVE,
  /** Mesos may know the task, and it should go. */
  KILLING,
  /** The run is over; this never changes for the same run. */
  ENDED;

  /**
   * The phase of a record.
   *
   * @param record the record, or null if there is none
   */
  public static PodPhase of(PodRecord record) {
    return record == null ? ABSENT : of(record.getState());
  }

  /** The phase of a state that a record may hold. */
  public static PodPhase of(PodState state) {
    return switch (state) {
      case POD_STATE_INITIALIZED,
          POD_STATE_PENDING,
          POD_STATE_READY,
          POD_STATE_PLACING,
          POD_STATE_PLACED,
          POD_STATE_RESERVED ->
          WAITING;
      case POD_STATE_LAUNCHING, POD_STATE_LAUNCHED, POD_STATE_STARTING, POD_STATE_RUNNING -> LIVE;
      case POD_STATE_KILLING, POD_STATE_PREEMPTING -> KILLING;
      case POD_STATE_SUCCEEDED,
          POD_STATE_FAILED,
          POD_STATE_LOST,
          POD_STATE_KILLED,
          POD_STATE_DELETED ->
          ENDED;
      case POD_STATE_INVALID, UNRECOGNIZED -> WAITING;
    };
  }

  /** Whether a task of this run may exist on an agent. */
  public boolean mayHaveTask() {
    return this == LIVE || this == KILLING;
  }
}
