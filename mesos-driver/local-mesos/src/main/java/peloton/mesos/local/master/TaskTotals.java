package peloton.mesos.local.master;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos.TaskState;

/**
 * Counts tasks by state as Mesos' metrics do: those that live by what they are now, those that
 * ended by how, since the master began. So each task that was ever launched is in one of them.
 */
final class TaskTotals {

  private final Map<TaskState, Long> ended = new EnumMap<>(TaskState.class);

  void ended(TaskState state) {
    ended.merge(state, 1L, Long::sum);
  }

  /** The counts by the names of Mesos' metrics; every state is there. */
  Map<String, Long> of(Cluster cluster) {
    var counts = new EnumMap<TaskState, Long>(ended);
    for (var framework : cluster.frameworks()) {
      for (var task : framework.tasks().values()) {
        if (!task.isTerminal()) {
          counts.merge(task.latest(), 1L, Long::sum);
        }
      }
      for (var task : framework.unreachableTasks().values()) {
        if (!task.isTerminal()) {
          counts.merge(TaskState.TASK_UNREACHABLE, 1L, Long::sum);
        }
      }
    }
    var metrics = new TreeMap<String, Long>();
    for (var state : TaskState.values()) {
      if (state != TaskState.TASK_UNKNOWN) {
        String name = state.name().substring("TASK_".length()).toLowerCase(Locale.ROOT);
        metrics.put("master/tasks_" + name, counts.getOrDefault(state, 0L));
      }
    }
    return metrics;
  }
}
