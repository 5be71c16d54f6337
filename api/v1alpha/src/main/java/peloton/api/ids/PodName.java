package peloton.api.ids;

import peloton.api.v1alpha.peloton.Peloton;

/**
 * One instance of a job, whichever run it is in; written {@code <job>-<instance>}.
 *
 * @param job the job's id, a UUID
 * @param instance counted from 0
 */
public record PodName(String job, int instance) {

  public PodName {
    JobId.require(job);
    if (instance < 0) {
      throw new IllegalArgumentException("instance " + instance + " of a job: must be 0 or more");
    }
  }

  /**
   * Reads {@code <job>-<instance>}.
   *
   * @throws IllegalArgumentException unless the job is a UUID and the instance a decimal number
   *     from 0 to 2147483647 without leading zeros
   */
  public static PodName parse(String text) {
    int dash = text.lastIndexOf('-');
    if (dash == JobId.LENGTH && JobId.isValid(text.substring(0, dash))) {
      long instance = Text.number(text, dash + 1, text.length(), Integer.MAX_VALUE);
      if (instance >= 0) {
        return new PodName(text.substring(0, dash), (int) instance);
      }
    }
    throw new IllegalArgumentException(
        "invalid pod name "
            + Text.shown(text)
            + ": must be <job id>-<instance>, a UUID and a number from 0");
  }

  /** This instance's pod in its {@code run}-th run. */
  public PodId run(long run) {
    return new PodId(job, instance, run);
  }

  /** As the API carries it. */
  public Peloton.PodName toProto() {
    return Peloton.PodName.newBuilder().setValue(toString()).build();
  }

  @Override
  public String toString() {
    return job + '-' + instance;
  }
}
