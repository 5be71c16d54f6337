package peloton.desired;

import java.util.Optional;
import java.util.function.Predicate;
import peloton.store.KeyValue;
import peloton.store.Txn;

/**
 * What a request comes to, by the records that it was decided on.
 *
 * @param <T> the request's answer
 */
public sealed interface Decision<T> {

  /**
   * Write this, then answer.
   *
   * @param proof a key that the transaction writes, by which a writer that got no answer can tell
   *     whether the write was made
   * @param made whether what stands at that key shows that it was
   */
  record Write<T>(Txn txn, String proof, Predicate<Optional<KeyValue>> made, T answer)
      implements Decision<T> {}

  /** Nothing has to be written. */
  record Answer<T>(T answer) implements Decision<T> {}

  /**
   * The records forbid it. Newer records might not, so the writer asks again on records that are
   * known to be current before it says so.
   */
  record Refuse<T>(ApiException reason) implements Decision<T> {}

  /** The records are in the middle of taking in this revision; ask again when it is all there. */
  record Wait<T>(long revision) implements Decision<T> {}

  /** A refusal in words. */
  static <T> Decision<T> refuse(ApiException.Code code, String message) {
    return new Refuse<>(new ApiException(code, message));
  }
}
