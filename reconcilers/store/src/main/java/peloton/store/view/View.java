package peloton.store.view;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The committed records of a cluster in memory: read once, then kept up by one watch. Every replica
 * has one and serves its reads from it.
 */
public interface View extends AutoCloseable {

  /** The records as of {@link #revision}, readable from any thread. */
  Records records();

  /** The newest revision that is applied. */
  long revision();

  /**
   * Completes once the revision is applied: after a write at that revision it makes the write
   * readable here. Never completes while the store is away; callers bound the wait with {@link
   * CompletableFuture#orTimeout}. It completes on the view's thread, so what hangs on it must be
   * short or go elsewhere.
   */
  CompletableFuture<Void> awaitRevision(long revision);

  /** How long ago the store was last heard of; zero while the watch is live. */
  Duration staleness();

  /** Starts following; the first call to the listener is its snapshot. */
  Attachment attach(ViewListener listener);

  @Override
  void close();

  /** A listener's hold on a view. */
  interface Attachment extends AutoCloseable {
    /** Ends it; a call that is under way ends normally, and none follows. */
    @Override
    void close();
  }
}
