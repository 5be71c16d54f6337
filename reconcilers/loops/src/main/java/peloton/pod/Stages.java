package peloton.pod;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import peloton.api.ids.PodId;
import peloton.api.ids.TaskId;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.ContainerRecord;
import peloton.records.PodRecord;
import peloton.records.PodRecordOrBuilder;

/**
 * The order in which the containers of a run are launched: a stage for each init container, and one
 * for all others. A stage begins when the one before it has ended well.
 */
public final class Stages {
  private Stages() {}

  /** Whether the run's containers are tasks of their own. */
  public static boolean isGroup(PodRecordOrBuilder pod) {
    return pod.getContainersCount() > 0;
  }

  /** The stage whose time has come, from 0; empty while another runs, or all have begun. */
  public static OptionalInt next(PodRecord pod) {
    if (!isGroup(pod) || PodPhase.of(pod) != PodPhase.LIVE) {
      return OptionalInt.empty();
    }
    for (int stage = 0; stage < pod.getInitContainersCount(); stage++) {
      PodState state = pod.getInitContainers(stage).getState();
      if (state == PodState.POD_STATE_PENDING) {
        return OptionalInt.of(stage);
      }
      if (state != PodState.POD_STATE_SUCCEEDED) {
        return OptionalInt.empty();
      }
    }
    return pod.getContainers(0).getState() == PodState.POD_STATE_PENDING
        ? OptionalInt.of(pod.getInitContainersCount())
        : OptionalInt.empty();
  }

  /** The tasks of a run that Mesos may know and that have not ended. */
  public static List<TaskId> living(PodId id, PodRecord pod) {
    if (!PodPhase.of(pod).mayHaveTask()) {
      return List.of();
    }
    if (!isGroup(pod)) {
      return List.of(TaskId.of(id));
    }
    List<TaskId> living = new ArrayList<>();
    if (pod.hasHolder() && isLiving(pod.getHolder())) {
      living.add(TaskId.holder(id));
    }
    for (int i = 0; i < pod.getInitContainersCount(); i++) {
      if (isLiving(pod.getInitContainers(i))) {
        living.add(new TaskId(id, TaskId.Part.INIT, i));
      }
    }
    for (int i = 0; i < pod.getContainersCount(); i++) {
      if (isLiving(pod.getContainers(i))) {
        living.add(new TaskId(id, TaskId.Part.MAIN, i));
      }
    }
    return living;
  }

  /** Whether the holder lives on though the containers run, which now keep the executor. */
  public static boolean holderMayGo(PodRecord pod) {
    return pod.hasHolder()
        && isLiving(pod.getHolder())
        && pod.getState() == PodState.POD_STATE_RUNNING;
  }

  static boolean isLiving(ContainerRecord container) {
    return PodPhase.of(container.getState()) == PodPhase.LIVE;
  }

  /** Writes the intent to launch a stage. */
  static void launch(PodRecord.Builder pod, int stage) {
    set(pod, stage, PodState.POD_STATE_PENDING, PodState.POD_STATE_LAUNCHED);
  }

  /** Takes the intent back: Mesos was not told. */
  static void takeBack(PodRecord.Builder pod, int stage) {
    set(pod, stage, PodState.POD_STATE_LAUNCHED, PodState.POD_STATE_PENDING);
  }

  private static void set(PodRecord.Builder pod, int stage, PodState from, PodState to) {
    List<ContainerRecord.Builder> containers =
        stage < pod.getInitContainersCount()
            ? List.of(pod.getInitContainersBuilder(stage))
            : pod.getContainersBuilderList();
    for (ContainerRecord.Builder container : containers) {
      if (container.getState() == from) {
        container.setState(to);
      }
    }
  }
}
