package peloton.desired;

import java.util.List;

/**
 * One thing that is wrong with a request.
 *
 * @param field the path of the field, in the API's own names
 * @param given what stands there
 * @param allowed what may stand there
 * @param code {@link ApiException.Code#INVALID_ARGUMENT}, or {@link
 *     ApiException.Code#UNIMPLEMENTED} for what the API knows and this server does not do
 */
public record Violation(String field, String given, String allowed, ApiException.Code code) {
  private static final int NAMED = 5;
  private static final int LONGEST_GIVEN = 120;

  /** A value that is not allowed. */
  public static Violation invalid(String field, String given, String allowed) {
    return new Violation(field, given, allowed, ApiException.Code.INVALID_ARGUMENT);
  }

  /** A value that is allowed by the API but not served. */
  public static Violation unimplemented(String field, String given, String allowed) {
    return new Violation(field, given, allowed, ApiException.Code.UNIMPLEMENTED);
  }

  /** A text of the request as a message shows it: in quotes, never long. */
  public static String quote(String text) {
    return text.length() <= LONGEST_GIVEN
        ? '"' + text + '"'
        : '"' + text.substring(0, LONGEST_GIVEN) + "…\" (" + text.length() + " characters)";
  }

  /**
   * Passes a request that nothing is wrong with.
   *
   * @throws ApiException naming the first few violations; UNIMPLEMENTED if one of them is, since
   *     what is not served cannot be judged further, else INVALID_ARGUMENT
   */
  public static void requireNone(List<Violation> violations) {
    if (violations.isEmpty()) {
      return;
    }
    List<Violation> unimplemented =
        violations.stream().filter(v -> v.code() == ApiException.Code.UNIMPLEMENTED).toList();
    List<Violation> named = unimplemented.isEmpty() ? violations : unimplemented;
    throw new ApiException(named.get(0).code(), describe(named));
  }

  @Override
  public String toString() {
    return field + ": given " + given + "; " + allowed;
  }

  private static String describe(List<Violation> violations) {
    String first =
        String.join(" | ", violations.stream().limit(NAMED).map(Violation::toString).toList());
    int more = violations.size() - NAMED;
    return more > 0 ? first + " | and " + more + " more" : first;
  }
}
