package peloton.store.view;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.store.KeyValueStore;
import peloton.store.KeyValueStore.Change;
import peloton.store.Range;
import peloton.store.RetryDelays;
import peloton.store.StoreException;
import peloton.store.Timers;
import peloton.store.Timers.Cancellable;

/**
 * The view that one watch of the store feeds. It reads everything at one revision, watches from the
 * next, and reads anew when the watch lost changes; it keeps trying while the store is away. Since
 * watches of etcd are known to lose changes unnoticed, it compares itself with the store from time
 * to time, and repairs and reports what differs.
 *
 * <p>Everything happens on the view's thread, an executor that runs one task at a time.
 */
public final class StoreView implements View {
  private static final Logger LOG = LoggerFactory.getLogger(StoreView.class);
  private static final Duration QUIET = Duration.ofSeconds(5);

  private enum Phase {
    NEW,
    LOADING,
    LIVE,
    INTERRUPTED,
    CLOSED
  }

  private final KeyValueStore store;
  private final Keyspace keyspace;
  private final Executor thread;
  private final Timers timers;
  private final StoreViewSettings settings;

  private final Records records = new Records();
  private final ViewCounters counters = new ViewCounters();
  private final RecordDecoder decoder;
  private final RevisionWaiters waiters = new RevisionWaiters(this::revision);
  private final List<Attached> listeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private final RetryDelays retries;

  private volatile long applied;
  private volatile Phase phase = Phase.NEW;
  private volatile long staleSince;

  // What follows belongs to the view's thread.
  private long generation;
  private Optional<KeyValueStore.Watch> watch = Optional.empty();
  private long watchedSince;
  private Optional<Long> silentSince = Optional.empty();
  private Cancellable probe = Cancellable.none();
  private Cancellable resyncTimer = Cancellable.none();
  private Optional<Map<RecordKey, Long>> touched = Optional.empty();
  private Optional<Resync> awaitedResync = Optional.empty();
  private Optional<Long> lastComplaint = Optional.empty();

  /**
   * @param thread the view's thread: runs one task at a time, in order
   * @param timers clock and timers; their tasks only hand over to the view's thread
   */
  public StoreView(
      KeyValueStore store,
      Keyspace keyspace,
      Executor thread,
      Timers timers,
      StoreViewSettings settings) {
    this.store = store;
    this.keyspace = keyspace;
    this.thread = thread;
    this.timers = timers;
    this.settings = settings;
    this.decoder = new RecordDecoder(keyspace, counters);
    this.retries = new RetryDelays(settings.retryFirst(), settings.retryLongest());
    this.staleSince = timers.nanoTime();
  }

  /**
   * Begins to read and to follow the store, and goes on until the view is closed.
   *
   * @return completes on the view's thread once everything has been read the first time, however
   *     long the store is away until then; fails with {@link StoreException} if the view is closed
   *     first
   */
  public CompletableFuture<Void> start() {
    onThread(
        () -> {
          if (phase == Phase.NEW) {
            load();
          }
        });
    return loaded;
  }

  @Override
  public Records records() {
    return records;
  }

  @Override
  public long revision() {
    return applied;
  }

  @Override
  public CompletableFuture<Void> awaitRevision(long revision) {
    return waiters.await(revision);
  }

  @Override
  public Duration staleness() {
    return phase == Phase.LIVE
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, timers.nanoTime() - staleSince));
  }

  /** Counts since the view was made; from any thread. */
  public ViewStats stats() {
    return counters.snapshot();
  }

  @Override
  public Attachment attach(ViewListener listener) {
    Attached attached = new Attached(listener);
    onThread(
        () -> {
          listeners.add(attached);
          if (loaded.isDone()) {
            attached.snapshot();
          }
        });
    return attached;
  }

  @Override
  public void close() {
    onThread(
        () -> {
          generation++;
          stopFollowing();
          phaseOtherThanLive(Phase.CLOSED);
          StoreException closed =
              new StoreException(StoreException.Code.UNAVAILABLE, "the view is closed");
          waiters.end(closed);
          loaded.completeExceptionally(closed);
          listeners.forEach(Attached::close);
        });
  }

  // ---- reading everything

  private void load() {
    long mine = ++generation;
    stopFollowing();
    phaseOtherThanLive(Phase.LOADING);
    store
        .range(keyspace.followed(), 0)
        .whenComplete(
            (range, failure) ->
                onThread(
                    mine,
                    () -> {
                      if (failure == null) {
                        follow(range);
                      } else {
                        complain("cannot read the records, trying again", failure);
                        loadLater();
                      }
                    }));
  }

  private void loadLater() {
    long mine = generation;
    timers.schedule(retries.next(), () -> onThread(mine, this::load));
  }

  private void follow(Range range) {
    Resync reading = Resync.whole(records, decoder, range);
    reading.compare(Integer.MAX_VALUE);
    reading.differences().forEach(this::apply);
    counters.loads.increment();
    long mine = generation;
    applied = range.revision();
    phase = Phase.LIVE;
    watchedSince = timers.nanoTime();
    LOG.info("read {} records at revision {}", range.entries().size(), applied);
    watch = Optional.of(store.watch(keyspace.followed(), applied + 1, new Feed(mine)));
    listeners.forEach(Attached::snapshot);
    waiters.release();
    loaded.complete(null);
    scheduleResync();
  }

  private void stopFollowing() {
    watch.ifPresent(KeyValueStore.Watch::close);
    watch = Optional.empty();
    probe.cancel();
    resyncTimer.cancel();
    touched = Optional.empty();
    awaitedResync = Optional.empty();
    silentSince = Optional.empty();
  }

  // ---- following

  /** Hears one watch, and is deaf once another reading has begun. */
  private final class Feed implements KeyValueStore.WatchListener {
    private final long mine;

    Feed(long mine) {
      this.mine = mine;
    }

    @Override
    public void onChanges(List<Change> changes) {
      onThread(mine, () -> take(changes));
    }

    @Override
    public void onProgress(long revision) {
      onThread(
          mine,
          () -> {
            alive();
            if (revision > applied) {
              advance(revision, List.of());
            }
          });
    }

    @Override
    public void onInterrupted(StoreException cause) {
      onThread(mine, () -> interrupted(cause));
    }

    @Override
    public void onLost(StoreException cause) {
      onThread(
          mine,
          () -> {
            complain("the watch lost changes, reading everything again", cause);
            loadAgain();
          });
    }
  }

  private void take(List<Change> changes) {
    alive();
    List<RecordChange> fresh = new ArrayList<>(changes.size());
    long newest = applied;
    for (Change change : changes) {
      if (change.revision() <= applied) {
        counters.duplicates.increment();
        continue;
      }
      newest = Math.max(newest, change.revision());
      decode(change)
          .filter(this::apply)
          .ifPresent(
              record -> {
                fresh.add(record);
                touched.ifPresent(keys -> keys.put(record.key(), record.revision()));
              });
    }
    if (newest > applied) {
      counters.changes.add(fresh.size());
      advance(newest, fresh);
    }
  }

  private Optional<RecordChange> decode(Change change) {
    return decoder
        .key(change.key())
        .flatMap(
            key -> {
              if (change.value().isEmpty()) {
                return Optional.of(new RecordChange(key, Optional.empty(), change.revision()));
              }
              Optional<Message> value = decoder.value(key, change.value().get());
              return value.map(v -> new RecordChange(key, value, change.revision()));
            });
  }

  private boolean apply(RecordChange change) {
    try {
      records.apply(change);
      return true;
    } catch (RuntimeException failure) {
      counters.unreadable.increment();
      LOG.error("record {} cannot be taken in and is ignored", change.key(), failure);
      return false;
    }
  }

  /** The records now stand at a revision, by these changes. */
  private void advance(long revision, List<RecordChange> changes) {
    applied = revision;
    if (!changes.isEmpty()) {
      List<RecordChange> shared = List.copyOf(changes);
      listeners.forEach(listener -> listener.changes(shared));
    }
    waiters.release();
    awaitedResync.ifPresent(
        resync -> {
          if (resync.revision() <= applied) {
            compare(resync);
          }
        });
  }

  // ---- interruptions

  private void interrupted(StoreException cause) {
    complain("the watch is interrupted", cause);
    if (phase == Phase.LIVE) {
      phaseOtherThanLive(Phase.INTERRUPTED);
      silentSince = Optional.empty();
      probeLater();
    }
  }

  private void alive() {
    if (phase == Phase.INTERRUPTED) {
      phase = Phase.LIVE;
      probe.cancel();
      LOG.info("the watch goes on at revision {}", applied);
    }
  }

  private void probeLater() {
    long mine = generation;
    probe = timers.schedule(settings.probeInterval(), () -> onThread(mine, this::probe));
  }

  /** A watch without changes says nothing when it is back, so the store is asked. */
  private void probe() {
    long mine = generation;
    store
        .revision()
        .whenComplete(
            (revision, failure) ->
                onThread(
                    mine,
                    () -> {
                      if (phase == Phase.INTERRUPTED) {
                        probed(revision, failure);
                      }
                    }));
  }

  private void probed(Long revision, Throwable failure) {
    if (failure != null) {
      silentSince = Optional.empty();
      complain("the store is away", failure);
      probeLater();
    } else if (revision <= applied) {
      alive();
    } else if (silentSince.isPresent()
        && timers.nanoTime() - silentSince.get() >= settings.watchPatience().toNanos()) {
      LOG.warn("the store is back and the watch is not: reading everything again");
      loadAgain();
    } else {
      silentSince = Optional.of(silentSince.orElse(timers.nanoTime()));
      probeLater();
    }
  }

  private void loadAgain() {
    if (timers.nanoTime() - watchedSince > settings.retryLongest().toNanos()) {
      retries.reset();
    }
    generation++;
    stopFollowing();
    phaseOtherThanLive(Phase.LOADING);
    loadLater();
  }

  // ---- comparing with the store

  private void scheduleResync() {
    long mine = generation;
    resyncTimer =
        timers.schedule(settings.resyncInterval(), () -> onThread(mine, this::readForResync));
  }

  private void readForResync() {
    long mine = generation;
    long before = applied;
    Map<RecordKey, Long> changedSince = new HashMap<>();
    touched = Optional.of(changedSince);
    store
        .range(keyspace.followed(), 0)
        .whenComplete(
            (range, failure) ->
                onThread(
                    mine,
                    () -> {
                      if (failure != null) {
                        complain("cannot compare the records with the store", failure);
                        touched = Optional.empty();
                        scheduleResync();
                      } else if (range.revision() < before) {
                        LOG.error(
                            "the store went back from revision {} to {}, as after a restore of a"
                                + " backup: reading everything again",
                            before,
                            range.revision());
                        loadAgain();
                      } else {
                        compareInTime(new Resync(records, decoder, range, changedSince));
                      }
                    }));
  }

  /** Waits a while for the watch to reach the revision of the reading, then compares. */
  private void compareInTime(Resync resync) {
    if (resync.revision() <= applied) {
      compare(resync);
      return;
    }
    long mine = generation;
    awaitedResync = Optional.of(resync);
    resyncTimer =
        timers.schedule(
            settings.watchPatience(),
            () ->
                onThread(
                    mine, () -> awaitedResync.filter(r -> r == resync).ifPresent(this::compare)));
  }

  private void compare(Resync resync) {
    resyncTimer.cancel();
    awaitedResync = Optional.empty();
    long mine = generation;
    if (resync.compare(settings.resyncSlice())) {
      onThread(mine, () -> compare(resync));
    } else {
      finish(resync);
    }
  }

  private void finish(Resync resync) {
    List<RecordChange> differences = resync.differences();
    touched = Optional.empty();
    counters.resyncs.increment();
    if (!differences.isEmpty()) {
      counters.repairs.add(differences.size());
      LOG.error(
          "the watch lost changes: {} records differed from the store at revision {}, among them"
              + " {}; they are repaired",
          differences.size(),
          resync.revision(),
          differences.get(0).key());
      differences.forEach(this::apply);
    }
    applied = Math.max(applied, resync.revision());
    if (!differences.isEmpty()) {
      listeners.forEach(Attached::snapshot);
    }
    waiters.release();
    scheduleResync();
  }

  // ---- listeners

  private final class Attached implements Attachment {
    private final ViewListener listener;
    private volatile boolean closed;
    private boolean current;

    Attached(ViewListener listener) {
      this.listener = listener;
    }

    void snapshot() {
      call(() -> listener.onSnapshot(records, applied));
    }

    void changes(List<RecordChange> changes) {
      if (current) {
        call(() -> listener.onChanges(changes, applied));
      } else {
        snapshot();
      }
    }

    /** A listener that failed may have taken in half a call: the next one is a snapshot. */
    private void call(Runnable task) {
      if (closed) {
        return;
      }
      current = false;
      try {
        task.run();
        current = true;
      } catch (RuntimeException failure) {
        LOG.error("a listener of the records failed; it starts over with the next", failure);
      }
    }

    @Override
    public void close() {
      closed = true;
      listeners.remove(this);
    }
  }

  // ---- thread, clock, words

  private void phaseOtherThanLive(Phase next) {
    if (phase == Phase.LIVE) {
      staleSince = timers.nanoTime();
    }
    phase = next;
  }

  private void onThread(long mine, Runnable task) {
    onThread(
        () -> {
          if (mine == generation) {
            task.run();
          }
        });
  }

  private void onThread(Runnable task) {
    try {
      thread.execute(
          () -> {
            if (phase != Phase.CLOSED) {
              task.run();
            }
          });
    } catch (RejectedExecutionException ending) {
      LOG.debug("the view's thread has ended", ending);
    }
  }

  private void complain(String what, Throwable cause) {
    long now = timers.nanoTime();
    if (lastComplaint.isEmpty() || now - lastComplaint.get() >= QUIET.toNanos()) {
      lastComplaint = Optional.of(now);
      LOG.warn("{}: {}", what, cause.getMessage());
    }
  }
}
