package peloton.command.client;

import peloton.command.CommandException;

/** Checks of numbers on the command line. */
public final class Numbers {
  private Numbers() {}

  /**
   * The value. The API counts unsigned; a negative number would arrive as one beyond two milliards.
   *
   * @param option named in the error
   * @throws CommandException if it is negative
   */
  public static int notNegative(String option, int value) {
    if (value < 0) {
      throw CommandException.usage(option + " must be 0 or more, found " + value);
    }
    return value;
  }
}
