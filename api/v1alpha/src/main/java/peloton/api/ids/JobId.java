package peloton.api.ids;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import peloton.api.v1alpha.peloton.Peloton;

/**
 * The rules of a job's id. The id itself stays text: a client may choose it, in either case of the
 * letters, and reads back what it wrote.
 */
public final class JobId {

  /** The length of a UUID's text. */
  static final int LENGTH = 36;

  private JobId() {}

  /** A fresh id: a random (version 4) UUID in lower case. */
  public static String random() {
    return UUID.randomUUID().toString();
  }

  /** Whether this is a UUID in RFC 4122's text form: 8-4-4-4-12 hexadecimal digits. */
  public static boolean isValid(String text) {
    if (text.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : !isHexDigit(c)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Gives the id back if it is one.
   *
   * @throws IllegalArgumentException unless it is a UUID
   */
  public static String require(String text) {
    if (!isValid(requireNonNull(text, "job id"))) {
      throw new IllegalArgumentException(
          // Clients look for these first words.
          "jobID is not valid UUID: "
              + Text.shown(text)
              + ", give 36 characters such as 5f1c2a9e-0b7d-4d8e-9a36-2f0e7c1b4d55");
    }
    return text;
  }

  /** As the API carries it. */
  public static Peloton.JobID toProto(String job) {
    return Peloton.JobID.newBuilder().setValue(job).build();
  }

  private static boolean isHexDigit(char c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
  }
}
