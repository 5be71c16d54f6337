package peloton.loop;

import java.util.concurrent.CompletionException;

/** Reads what futures fail with. */
final class Futures {
  private Futures() {}

  /** What went wrong, in words. */
  static String message(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
