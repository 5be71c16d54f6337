package peloton.api.ids;

import java.util.Optional;

/**
 * A Mesos task of one run. A pod of a single container is one task, which has the pod's own id. The
 * tasks of other pods add to it what they are: {@code .init-<n>} and {@code .main-<n>} for the
 * containers in the order of the spec, {@code .holder} for what keeps the pod's executor.
 *
 * @param index of the container, from 0; 0 for the others
 */
public record TaskId(PodId pod, Part part, int index) {
  private static final char SEPARATOR = '.';

  /** What of a pod a task is. */
  public enum Part {
    /** All of it. */
    POD(""),
    INIT("init-"),
    MAIN("main-"),
    HOLDER("holder");

    private final String word;

    Part(String word) {
      this.word = word;
    }

    private boolean hasIndex() {
      return this == INIT || this == MAIN;
    }
  }

  /** The task of a pod that is one. */
  public static TaskId of(PodId pod) {
    return new TaskId(pod, Part.POD, 0);
  }

  /** The task that keeps a pod's executor. */
  public static TaskId holder(PodId pod) {
    return new TaskId(pod, Part.HOLDER, 0);
  }

  /** Reads a Mesos task's id; empty for that of a task which belongs to no pod. */
  public static Optional<TaskId> find(String text) {
    int separator = text.indexOf(SEPARATOR);
    if (separator < 0) {
      return PodId.find(text).map(TaskId::of);
    }
    String rest = text.substring(separator + 1);
    return PodId.find(text.substring(0, separator)).flatMap(pod -> part(pod, rest));
  }

  private static Optional<TaskId> part(PodId pod, String text) {
    for (Part part : Part.values()) {
      if (part.hasIndex() && text.startsWith(part.word)) {
        long index = Text.number(text, part.word.length(), text.length(), Integer.MAX_VALUE);
        return index < 0 ? Optional.empty() : Optional.of(new TaskId(pod, part, (int) index));
      }
    }
    return text.equals(Part.HOLDER.word) ? Optional.of(holder(pod)) : Optional.empty();
  }

  @Override
  public String toString() {
    if (part == Part.POD) {
      return pod.toString();
    }
    return pod.toString() + SEPARATOR + part.word + (part.hasIndex() ? index : "");
  }
}
