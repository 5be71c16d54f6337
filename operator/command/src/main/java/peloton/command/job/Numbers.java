package peloton.command.job;

import peloton.command.CommandException;

/** Checks of numbers on the command line. */
final class Numbers {
  private Numbers() {}

  /** The API counts unsigned; a negative number would arrive as one beyond two milliards. */
  static int notNegative(String option, int value) {
    if (value < 0) {
      throw CommandException.usage(option + " must be 0 or more, found " + value);
    }
    return value;
  }
}
