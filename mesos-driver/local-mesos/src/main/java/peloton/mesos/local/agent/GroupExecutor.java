package peloton.mesos.local.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A default executor: it runs groups of tasks, of which each dies as a whole, and ends with its
 * last task.
 */
final class GroupExecutor {

  private final ExecutorKey key;
  private final GroupContainer container;
  private final Map<TaskKey, Group> live = new LinkedHashMap<>();

  /** Tasks that were launched together. */
  private static final class Group {
    private final List<TaskKey> tasks;
    private boolean dying;

    private Group(List<TaskKey> tasks) {
      this.tasks = tasks;
    }
  }

  GroupExecutor(ExecutorKey key, GroupContainer container) {
    this.key = key;
    this.container = container;
  }

  ExecutorKey key() {
    return key;
  }

  GroupContainer container() {
    return container;
  }

  void add(List<TaskKey> tasks) {
    var group = new Group(List.copyOf(tasks));
    tasks.forEach(task -> live.put(task, group));
  }

  /** Its tasks that have not ended. */
  List<TaskKey> live() {
    return List.copyOf(live.keySet());
  }

  boolean isIdle() {
    return live.isEmpty();
  }

  /**
   * A task has ended.
   *
   * @param well whether it did what it had to; else the rest of its group has to go, too
   * @return the tasks that have to be killed now
   */
  List<TaskKey> ended(TaskKey task, boolean well) {
    var group = live.remove(task);
    if (group == null || well || group.dying) {
      return List.of();
    }
    group.dying = true;
    var rest = new ArrayList<>(group.tasks);
    rest.removeIf(any -> !live.containsKey(any));
    return rest;
  }
}
