package peloton.api.ids;

/** Reads the parts of which ids are made. */
final class Text {

  private static final int SHOWN = 80;

  private Text() {}

  /**
   * Reads a decimal number in {@code text} from {@code from} up to {@code to}.
   *
   * @return the number, or -1 unless it is all digits, without leading zeros and at most {@code
   *     max}
   */
  static long number(String text, int from, int to, long max) {
    int length = to - from;
    if (length < 1 || length > 1 && text.charAt(from) == '0') {
      return -1;
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || number > (max - digit) / 10) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** The text as a message to its writer shows it: in quotes, never long. */
  static String shown(String text) {
    return text.length() <= SHOWN
        ? '"' + text + '"'
        : '"' + text.substring(0, SHOWN) + "…\" (" + text.length() + " characters)";
  }
}
