package peloton.command.spec;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Guesses what a misspelt name was meant to be. */
final class Nearest {
  private static final int MOST = 3;

  private Nearest() {}

  /** The candidates within a third of the name's length in edits, nearest first, at most three. */
  static List<String> to(String name, List<String> candidates) {
    String given = plain(name);
    int limit = Math.max(1, given.length() / 3);
    record Guess(String name, int distance) {}
    return candidates.stream()
        .map(candidate -> new Guess(candidate, distance(given, plain(candidate))))
        .filter(guess -> guess.distance <= limit)
        .sorted(Comparator.comparingInt(Guess::distance))
        .limit(MOST)
        .map(Guess::name)
        .toList();
  }

  private static String plain(String name) {
    return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  private static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] now = new int[b.length() + 1];
      now[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int swap = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(swap, 1 + Math.min(before[j], now[j - 1]));
      }
      before = now;
    }
    return before[b.length()];
  }
}
