package peloton.store.etcd;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an etcd member can be relied on for. */
record ServerVersion(int major, int minor, int patch) {
  private static final Pattern FORM = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+).*");

  /** Reads {@code 3.5.21}; what is no version is taken for the oldest. */
  static ServerVersion parse(String given) {
    Matcher parts = FORM.matcher(given);
    return parts.matches()
        ? new ServerVersion(
            Integer.parseInt(parts.group(1)),
            Integer.parseInt(parts.group(2)),
            Integer.parseInt(parts.group(3)))
        : new ServerVersion(0, 0, 0);
  }

  /**
   * Whether the answer to a progress request comes after the events of every revision up to its
   * own. Fixed in 3.4.25 and 3.5.8 (etcd's changelogs, issue 15220).
   */
  boolean answersProgressInOrder() {
    if (major != 3) {
      return major > 3;
    }
    return minor > 5 || (minor == 5 && patch >= 8) || (minor == 4 && patch >= 25);
  }
}
