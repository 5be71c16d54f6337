package peloton.api.ids;

import peloton.api.v1alpha.peloton.Peloton;

/**
 * What a writer must name to change a job, so that nobody overwrites what they have not read;
 * written {@code C-D-W}. To clients it is an opaque token.
 *
 * @param configuration the version of the job's spec, from 1
 * @param desiredState how often the job was started, stopped or deleted, from 1; 0 for a pod
 * @param workflow how often a workflow was made, paused, resumed or aborted, from 1; 0 for a pod
 */
public record EntityVersion(long configuration, long desiredState, long workflow) {

  /** The version of a job that was just created. */
  public static final EntityVersion FIRST = new EntityVersion(1, 1, 1);

  public EntityVersion {
    if (configuration < 0 || desiredState < 0 || workflow < 0) {
      throw new IllegalArgumentException(
          "entity version "
              + configuration
              + "-"
              + desiredState
              + "-"
              + workflow
              + ": no part may be negative");
    }
  }

  /** The version of what knows only a job's spec, such as a pod: {@code C-0-0}. */
  public static EntityVersion ofConfiguration(long configuration) {
    return new EntityVersion(configuration, 0, 0);
  }

  /**
   * Reads {@code C-D-W}.
   *
   * @throws IllegalArgumentException unless it is three decimal numbers without leading zeros, each
   *     from 0 to 9223372036854775807, with dashes between
   */
  public static EntityVersion parse(String text) {
    int first = text.indexOf('-');
    int last = text.lastIndexOf('-');
    if (first >= 0 && first < last) {
      long configuration = Text.number(text, 0, first, Long.MAX_VALUE);
      long desiredState = Text.number(text, first + 1, last, Long.MAX_VALUE);
      long workflow = Text.number(text, last + 1, text.length(), Long.MAX_VALUE);
      if (configuration >= 0 && desiredState >= 0 && workflow >= 0) {
        return new EntityVersion(configuration, desiredState, workflow);
      }
    }
    throw new IllegalArgumentException(
        // Clients look for these first words.
        "entityVersion has wrong format: "
            + Text.shown(text)
            + ", give it as the server did, three numbers such as 1-1-1");
  }

  /** As the API carries it. */
  public Peloton.EntityVersion toProto() {
    return Peloton.EntityVersion.newBuilder().setValue(toString()).build();
  }

  @Override
  public String toString() {
    return configuration + "-" + desiredState + "-" + workflow;
  }
}
