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

  /** One watch on its way. Translates on the store's threads, one at a time. */
  private final class Replay implements WatchListener {
    private final WatchSession session;
    private final long from;
    private final Predicate<WatchSession> done;
    private final ChangeTranslator.Wanted wanted;
    private final Optional<Set<String>> onlyJobs;
    private final Records records = new Records();
    private final ChangeTranslator translator = translators.get();
    // Both belong to the hub's thread.
    private Optional<KeyValueStore.Watch> watch = Optional.empty();
    private boolean finished;

    Replay(WatchSession session, long from, Predicate<WatchSession> done) {
      this.session = session;
      this.from = from;
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
        translator.reset(records);
        KeyValueStore.Watch opened = store.watch(keyspace.prefix(), from, this);
        if (finished) {
          opened.close();
        } else {
          watch = Optional.of(opened);
        }
      }
    }

    @Override
    public void onChanges(List<Change> changes) {
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
      long last = at;
      hub.execute(
          () -> {
            if (!finished) {
              publications.forEach(session::publish);
              step(last);
            }
          });
    }

    @Override
    public void onProgress(long revision) {
      hub.execute(
          () -> {
            if (!finished) {
              step(revision);
            }
          });
    }

    @Override
    public void onLost(StoreException cause) {
      hub.execute(() -> fail(cause));
    }

    private void step(long revision) {
      session.advance(revision);
      if (session.ended() || done.test(session)) {
        finish();
      }
    }

    private void fail(Throwable failure) {
      finish();
      Throwable cause = failure.getCause() instanceof StoreException e ? e : failure;
      if (cause instanceof StoreException e && e.code() == StoreException.Code.COMPACTED) {
        session.end(
            new ApiException(
                ApiException.Code.OUT_OF_RANGE,
                "start_revision: "
                    + from
                    + " is too old: "
                    + e.getMessage()
                    + "; list again, then watch from there"));
      } else {
        session.end(
            new ApiException(
                ApiException.Code.UNAVAILABLE,
                "history from revision "
                    + from
                    + " cannot be read just now ("
                    + cause.getMessage()
                    + "); try again"));
      }
    }

    private void finish() {
      finished = true;
      watch.ifPresent(KeyValueStore.Watch::close);
      watch = Optional.empty();
    }

    private List<Publication> translate(List<RecordChange> changes, long revision) {
      changes.forEach(records::apply);
      return translator.translate(records, changes, revision, wanted);
    }

    private void take(Range range) {
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
    }
    return null;
  }
}
