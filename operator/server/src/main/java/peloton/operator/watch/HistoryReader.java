package peloton.operator.watch;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.desired.ApiException;
import peloton.store.KeyValueStore;
import peloton.store.KeyValueStore.Change;
import peloton.store.KeyValueStore.WatchListener;
import peloton.store.Range;
import peloton.store.StoreException;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordChange;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/**
 * Leads watches from a past revision to the present: it reads the records as they stood before that
 * revision and replays every change since, until the watch is level with the live changes.
 */
final class HistoryReader {
  private static final Logger log = LoggerFactory.getLogger(HistoryReader.class);

  private final KeyValueStore store;
  private final Keyspace keyspace;
  private final Supplier<ChangeTranslator> translators;
  private final int readers;
  private final Executor hub;

  // Belong to the hub's thread: reading all records is dear, so only so many do it at one time.
  private final Queue<Replay> queue = new ArrayDeque<>();
  private int reading;

  HistoryReader(
      KeyValueStore store,
      Keyspace keyspace,
      Supplier<ChangeTranslator> translators,
      int readers,
      Executor hub) {
    this.store = store;
    this.keyspace = keyspace;
    this.translators = translators;
    this.readers = readers;
    this.hub = hub;
  }

  /**
   * Feeds a watch from a revision on. Called on the hub's thread.
   *
   * @param done asked on the hub's thread after each step whether the watch needs no more of this
   */
  void follow(WatchSession session, long from, Predicate<WatchSession> done) {
    queue.add(new Replay(session, from, done));
    readNext();
  }

  private void readNext() {
    while (reading < readers && !queue.isEmpty()) {
      Replay replay = queue.poll();
      if (!replay.session.ended()) {
        reading++;
        replay.read();
      }
    }
  }

  /**
   * One watch on its way. Translates on the store's threads, hands over on the hub's. The client
   * sets the pace: while a message waits for it, the store's watch is closed.
   */
  private final class Replay {
    private final WatchSession session;
    private final long from;
    private final Predicate<WatchSession> done;
    private final ChangeTranslator.Wanted wanted;
    private final Optional<Set<String>> onlyJobs;

    // Guarded by this.
    private final Records records = new Records();
    private final ChangeTranslator translator = translators.get();
    private long translated;
    private long generation;

    // What follows belongs to the hub's thread.
    private final Queue<Publication> pending = new ArrayDeque<>();
    private long arrived;
    private Optional<KeyValueStore.Watch> watch = Optional.empty();
    private boolean paused;
    private boolean finished;

    Replay(WatchSession session, long from, Predicate<WatchSession> done) {
      this.session = session;
      this.from = from;
      this.translated = from - 1;
      this.arrived = from - 1;
      this.done = done;
      WatchFilter filter = session.filter();
      this.wanted = new ChangeTranslator.Wanted(filter.wantsPods(), filter.wantsJobs());
      this.onlyJobs = filter.onlyJobs();
    }

    void read() {
      CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
      if (from > 1) {
        for (String prefix : prefixes()) {
          all = all.thenCompose(x -> store.range(prefix, from - 1)).thenAccept(this::take);
        }
      }
      all.whenComplete((x, failure) -> hub.execute(() -> replay(failure)));
    }

    private void replay(Throwable failure) {
      reading--;
      readNext();
      if (failure != null) {
        fail(failure);
      } else if (!session.ended()) {
        synchronized (this) {
          translator.reset(records);
        }
        open();
      }
    }

    /** Watches the store from where the translation has got to. */
    private void open() {
      Feed feed;
      synchronized (this) {
        feed = new Feed(++generation);
      }
      KeyValueStore.Watch opened = store.watch(keyspace.followed(), feed.start, feed);
      // A store may deliver before it returns.
      if (finished || paused) {
        opened.close();
      } else {
        watch = Optional.of(opened);
      }
    }

    private void arrived(List<Publication> publications, long revision) {
      pending.addAll(publications);
      arrived = Math.max(arrived, revision);
      handOver();
    }

    private void handOver() {
      if (finished) {
        return;
      }
      while (!pending.isEmpty()) {
        if (session.backlog() > 0) {
          pause();
          return;
        }
        session.publish(pending.poll());
      }
      session.advance(arrived);
      if (session.ended() || done.test(session)) {
        finish();
      } else if (paused) {
        paused = false;
        open();
      }
    }

    private void pause() {
      if (!paused) {
        paused = true;
        close();
      }
      session.whenDrained(() -> hub.execute(this::handOver));
    }

    private void fail(Throwable failure) {
      if (finished) {
        return;
      }
      finish();
      Throwable cause = failure.getCause() instanceof StoreException e ? e : failure;
      if (cause instanceof StoreException e && e.code() == StoreException.Code.COMPACTED) {
        session.end(
            new ApiException(
                ApiException.Code.OUT_OF_RANGE,
                "start_revision: "
                    + (arrived + 1)
                    + " is too old: "
                    + e.getMessage()
                    + "; list again, then watch from there"));
      } else {
        session.end(
            new ApiException(
                ApiException.Code.UNAVAILABLE,
                "history from revision "
                    + (arrived + 1)
                    + " cannot be read just now ("
                    + cause.getMessage()
                    + "); try again"));
      }
    }

    private void finish() {
      finished = true;
      pending.clear();
      close();
    }

    private void close() {
      synchronized (this) {
        generation++;
      }
      watch.ifPresent(KeyValueStore.Watch::close);
      watch = Optional.empty();
    }

    /** One watch of the store; what it says after it was closed counts for nothing. */
    private final class Feed implements WatchListener {
      private final long mine;
      private final long start;

      Feed(long generation) {
        this.mine = generation;
        this.start = translated + 1;
      }

      @Override
      public void onChanges(List<Change> changes) {
        synchronized (Replay.this) {
          if (mine == generation) {
            List<Publication> publications = replayed(changes);
            long last = translated;
            // Within the lock, so that what the next feed translates is handed over later.
            hub.execute(() -> arrived(publications, last));
          }
        }
      }

      @Override
      public void onProgress(long revision) {
        synchronized (Replay.this) {
          if (mine == generation) {
            translated = Math.max(translated, revision);
            hub.execute(() -> arrived(List.of(), revision));
          }
        }
      }

      @Override
      public void onLost(StoreException cause) {
        synchronized (Replay.this) {
          if (mine == generation) {
            hub.execute(() -> fail(cause));
          }
        }
      }
    }

    private List<Publication> replayed(List<Change> changes) {
      List<Publication> publications = new ArrayList<>();
      List<RecordChange> revision = new ArrayList<>();
      long at = changes.get(0).revision();
      for (Change change : changes) {
        if (change.revision() != at) {
          publications.addAll(translate(revision, at));
          revision = new ArrayList<>();
          at = change.revision();
        }
        decode(change).ifPresent(revision::add);
      }
      publications.addAll(translate(revision, at));
      translated = at;
      return publications;
    }

    private List<Publication> translate(List<RecordChange> changes, long revision) {
      changes.forEach(records::apply);
      return translator.translate(records, changes, revision, wanted);
    }

    private synchronized void take(Range range) {
      for (var entry : range.entries()) {
        decode(new Change(entry.key(), Optional.of(entry.value()), entry.modRevision()))
            .ifPresent(records::apply);
      }
    }

    private Optional<RecordChange> decode(Change change) {
      RecordKey key = keyspace.parse(change.key()).filter(this::concerns).orElse(null);
      if (key == null) {
        return Optional.empty();
      }
      try {
        Optional<Message> value =
            change.value().isPresent()
                ? Optional.of(key.parser().parseFrom(change.value().get()))
                : Optional.empty();
        return Optional.of(new RecordChange(key, value, change.revision()));
      } catch (InvalidProtocolBufferException e) {
        log.warn("history: skips {} at {}: {}", change.key(), change.revision(), e.toString());
        return Optional.empty();
      }
    }

    private boolean concerns(RecordKey key) {
      String job = jobOf(key);
      return job != null && (onlyJobs.isEmpty() || onlyJobs.get().contains(job));
    }

    private List<String> prefixes() {
      if (onlyJobs.isEmpty()) {
        return List.of(keyspace.below("desired/jobs/"), keyspace.below("actual/jobs/"));
      }
      List<String> prefixes = new ArrayList<>();
      for (String job : onlyJobs.get()) {
        prefixes.add(keyspace.below(RecordKey.desiredOf(job)));
        prefixes.add(keyspace.below(RecordKey.actualOf(job)));
      }
      return prefixes;
    }
  }

  /** The job that a record belongs to, or null if it says nothing to a watcher. */
  private static String jobOf(RecordKey key) {
    if (key instanceof RecordKey.Pod pod) {
      return pod.job();
    } else if (key instanceof RecordKey.JobGoal goal) {
      return goal.job();
    } else if (key instanceof RecordKey.JobSpec spec) {
      return spec.job();
    } else if (key instanceof RecordKey.JobStatus status) {
      return status.job();
    } else if (key instanceof RecordKey.WorkflowRequest workflow) {
      return workflow.job();
    } else if (key instanceof RecordKey.WorkflowStatus workflow) {
      return workflow.job();
    } else if (key instanceof RecordKey.PodGoal pod) {
      return pod.job();
    } else if (key instanceof RecordKey.InstanceLastRun removed) {
      return removed.job();
    }
    return null;
  }
}
