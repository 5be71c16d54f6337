package peloton.desired;

import java.util.List;
import java.util.stream.Stream;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.store.view.JobEntry;

/** Which pods may hold resources, or have a process. */
public final class LivePods {
  private static final List<PodState> LIVE =
      Stream.of(PodState.values()).filter(LivePods::isLive).toList();

  private LivePods() {}

  /** Whether a run in this state has not come to its end. */
  public static boolean isLive(PodState state) {
    return switch (state) {
      case POD_STATE_INITIALIZED,
          POD_STATE_PENDING,
          POD_STATE_READY,
          POD_STATE_PLACING,
          POD_STATE_PLACED,
          POD_STATE_RESERVED,
          POD_STATE_LAUNCHING,
          POD_STATE_LAUNCHED,
          POD_STATE_STARTING,
          POD_STATE_RUNNING,
          POD_STATE_KILLING,
          POD_STATE_PREEMPTING ->
          true;
      case POD_STATE_INVALID,
          POD_STATE_SUCCEEDED,
          POD_STATE_FAILED,
          POD_STATE_LOST,
          POD_STATE_KILLED,
          POD_STATE_DELETED,
          UNRECOGNIZED ->
          false;
    };
  }

  /** Whether some pod of the job has not come to its end. */
  public static boolean any(JobEntry job) {
    return LIVE.stream().anyMatch(state -> job.podsIn(state) > 0);
  }
}
