package peloton.api.ids;

import java.util.Optional;
import peloton.api.v1alpha.peloton.Peloton;

/**
 * One run of one instance of a job; written {@code <job>-<instance>-<run>}. It is the id of the
 * Mesos task, too.
 *
 * @param job the job's id, a UUID
 * @param instance counted from 0
 * @param run counted from 1; 0 stands for "before the first run" and never names a task
 */
public record PodId(String job, int instance, long run) {

  public PodId {
    JobId.require(job);
    if (instance < 0) {
      throw new IllegalArgumentException("instance " + instance + " of a job: must be 0 or more");
    }
    if (run < 0) {
      throw new IllegalArgumentException("run " + run + " of a pod: must be 0 or more");
    }
  }

  /**
   * Reads {@code <job>-<instance>-<run>}.
   *
   * @throws IllegalArgumentException unless the job is a UUID, and instance and run are decimal
   *     numbers from 0 (to 2147483647 and 9223372036854775807) without leading zeros
   */
  public static PodId parse(String text) {
    return find(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "invalid pod id "
                        + Text.shown(text)
                        + ": must be <job id>-<instance>-<run>, a UUID and two numbers from 0"));
  }

  /** Reads a Mesos task's id; empty for that of a task which is no pod. */
  public static Optional<PodId> find(String text) {
    int last = text.lastIndexOf('-');
    int first = text.lastIndexOf('-', last - 1);
    if (first != JobId.LENGTH) {
      return Optional.empty();
    }
    String job = text.substring(0, first);
    long instance = Text.number(text, first + 1, last, Integer.MAX_VALUE);
    long run = Text.number(text, last + 1, text.length(), Long.MAX_VALUE);
    return JobId.isValid(job) && instance >= 0 && run >= 0
        ? Optional.of(new PodId(job, (int) instance, run))
        : Optional.empty();
  }

  /** The instance that this is a run of. */
  public PodName name() {
    return new PodName(job, instance);
  }

  /** As the API carries it. */
  public Peloton.PodID toProto() {
    return Peloton.PodID.newBuilder().setValue(toString()).build();
  }

  @Override
  public String toString() {
    return job + '-' + instance + '-' + run;
  }
}
