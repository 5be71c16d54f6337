package peloton.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import peloton.store.ManualExecutor;
import peloton.store.ManualTimers;
import peloton.store.Txn;
import peloton.store.memory.MemoryData;
import peloton.store.memory.MemoryStore;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;
import peloton.store.view.StoreView;
import peloton.store.view.StoreViewSettings;

/** A replica over a store in memory; nothing happens but on the test's thread, when it asks. */
public final class DesiredFixture {
  public static final Duration VIEW_TIMEOUT = Duration.ofSeconds(5);

  public final Keyspace keys = new Keyspace(Keyspace.DEFAULT_PREFIX);
  public final ManualTimers timers;
  public final MemoryData data;
  public final ManualExecutor executor = new ManualExecutor();

  /** What the view takes in waits here, so that a test can hold the view back. */
  public final ManualExecutor viewExecutor = new ManualExecutor();

  public final MemoryStore store;
  public final StoreView view;
  public final DesiredStore desired;

  private boolean viewHeldBack;

  public DesiredFixture() {
    this(new ManualTimers());
  }

  private DesiredFixture(ManualTimers timers) {
    this(timers, new MemoryData(timers.clock()));
  }

  private DesiredFixture(ManualTimers timers, MemoryData data) {
    this.timers = timers;
    this.data = data;
    this.store = new MemoryStore(data, executor);
    this.view = new StoreView(store, keys, viewExecutor, timers, StoreViewSettings.defaults());
    this.desired = new DesiredStore(store, view, timers, executor, VIEW_TIMEOUT);
    view.start();
    settle();
  }

  /** Another replica of the same cluster. */
  public DesiredFixture replica() {
    return new DesiredFixture(timers, data);
  }

  public InstantSource clock() {
    return timers.clock();
  }

  public Records records() {
    return view.records();
  }

  /** Lets the store go on and the view stand still, or both go on. */
  public void holdViewBack(boolean back) {
    viewHeldBack = back;
  }

  /** Runs everything that waits. */
  public void settle() {
    boolean ran = true;
    while (ran) {
      ran = executor.runNext() || (!viewHeldBack && viewExecutor.runNext());
    }
  }

  /** The answer to a request. */
  public <T> T answer(CompletableFuture<T> request) {
    settle();
    assertThat(request).isDone();
    try {
      return request.join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }
  }

  /** Why a request was refused. */
  public ApiException refusal(CompletableFuture<?> request) {
    settle();
    assertThat(request).isCompletedExceptionally();
    try {
      request.join();
      throw new AssertionError("not refused");
    } catch (CompletionException failure) {
      assertThat(failure.getCause()).isInstanceOf(ApiException.class);
      return (ApiException) failure.getCause();
    }
  }

  /** Writes a record as the loops do. */
  public void put(RecordKey key, Message value) {
    store.commit(new Txn(List.of(), List.of(keys.put(key, value))));
    settle();
  }

  /** Deletes everything below a prefix as the loops do. */
  public void deleteBelow(String path) {
    store.commit(new Txn(List.of(), List.of(new Txn.Write.DeletePrefix(keys.below(path)))));
    settle();
  }
}
