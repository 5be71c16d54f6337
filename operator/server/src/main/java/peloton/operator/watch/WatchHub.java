package peloton.operator.watch;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.watch.Watch.PodFilter;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.desired.ApiException;
import peloton.operator.read.CurrentView;
import peloton.operator.read.JobReader;
import peloton.operator.read.PodReader;
import peloton.store.KeyValueStore;
import peloton.store.view.JobEntry;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordChange;
import peloton.store.view.Records;
import peloton.store.view.ViewListener;

/**
 * All watches of this replica. Attach it to the view; it translates on the view's thread and does
 * everything else on its own, so watchers cannot hold up the view, nor each other.
 */
public final class WatchHub implements ViewListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WatchHub.class);

  private final Executor thread;
  private final CurrentView view;
  private final PodReader podReader;
  private final ChangeTranslator translator;
  private final KeyValueStore store;
  private final HistoryReader history;
  private final WatchSettings settings;
  private final LongSupplier ids;

  private final Map<Long, WatchSession> sessions = new ConcurrentHashMap<>();

  /**
   * Orders the view's thread against new watches: what was translated without a watch in mind comes
   * before the watch begins. Guards the fields below it.
   */
  private final Object gate = new Object();

  private int podWatches;
  private int jobWatches;
  private boolean follows;

  // What follows belongs to the hub's thread.
  private final Set<WatchSession> live = ConcurrentHashMap.newKeySet();
  private long position;

  /**
   * @param thread runs one task at a time, in order
   * @param ids gives each watch its id: positive, and never the same for two replicas
   */
  public WatchHub(
      Executor thread,
      CurrentView view,
      JobReader jobReader,
      PodReader podReader,
      KeyValueStore store,
      Keyspace keyspace,
      WatchSettings settings,
      LongSupplier ids) {
    this.thread = thread;
    this.view = view;
    this.podReader = podReader;
    this.translator = new ChangeTranslator(jobReader, podReader);
    this.store = store;
    this.history =
        new HistoryReader(
            store,
            keyspace,
            () -> new ChangeTranslator(jobReader, podReader),
            settings.readers(),
            thread);
    this.settings = settings;
    this.ids = ids;
  }

  /**
   * Begins a watch. Its first message holds its id, the revision after which changes will come, and
   * what the filter names and does not exist.
   *
   * @throws ApiException INVALID_ARGUMENT if nothing is asked for, RESOURCE_EXHAUSTED if there are
   *     too many watches, UNAVAILABLE while the view is stale; a start that lies in the future or
   *     is compacted ends the sink instead
   */
  public WatchSession open(WatchRequest request, WatchSink sink) {
    WatchFilter filter = new WatchFilter(request);
    if (!filter.wantsPods() && !filter.wantsJobs()) {
      throw new ApiException(
          ApiException.Code.INVALID_ARGUMENT,
          "not supported watch type: set pod_filter, stateless_job_filter or both; an empty filter"
              + " stands for all");
    }
    if (request.getStartRevision() < 0) {
      throw future(request.getStartRevision(), "any revision so far");
    }
    WatchResponse first = notFound(request, view.records());
    long id = ids.getAsLong();
    WatchSession session =
        new WatchSession(id, filter, sink, settings.buffer(), () -> ended(id, filter));
    synchronized (gate) {
      if (!follows) {
        throw new ApiException(
            ApiException.Code.UNAVAILABLE, "this replica has not read etcd yet; try again");
      }
      if (sessions.size() >= settings.watches()) {
        throw new ApiException(
            ApiException.Code.RESOURCE_EXHAUSTED,
            "max client reached: this replica has "
                + settings.watches()
                + " watches, which is its limit; cancel some, or ask another replica");
      }
      sessions.put(id, session);
      podWatches += filter.wantsPods() ? 1 : 0;
      jobWatches += filter.wantsJobs() ? 1 : 0;
      thread.execute(() -> begin(session, request.getStartRevision(), first));
    }
    return session;
  }

  /**
   * Ends a watch at its client's wish.
   *
   * @throws ApiException NOT_FOUND if this replica has no such watch
   */
  public void cancel(long id) {
    WatchSession session = sessions.get(id);
    if (session == null) {
      throw new ApiException(
          ApiException.Code.NOT_FOUND,
          "watch_id: this replica has no watch "
              + Long.toUnsignedString(id)
              + "; it ended, or belongs to another replica");
    }
    session.end(
        new ApiException(
            ApiException.Code.CANCELLED, "watch cancelled: " + Long.toUnsignedString(id)));
  }

  /** Ends every watch, for this replica stops. */
  @Override
  public void close() {
    sessions
        .values()
        .forEach(
            session ->
                session.end(
                    new ApiException(
                        ApiException.Code.UNAVAILABLE,
                        "this replica stops; go on at another from the revision after the last"
                            + " message's")));
  }

  /** How many watches there are. */
  public int size() {
    return sessions.size();
  }

  @Override
  public void onSnapshot(Records records, long revision) {
    synchronized (gate) {
      follows = true;
      translator.reset(records);
      thread.execute(() -> restart(revision));
    }
  }

  @Override
  public void onChanges(List<RecordChange> changes, long revision) {
    synchronized (gate) {
      List<Publication> publications =
          translator.translate(
              view.latest(),
              changes,
              revision,
              new ChangeTranslator.Wanted(podWatches > 0, jobWatches > 0));
      thread.execute(() -> publish(publications, revision));
    }
  }

  // ---- on the hub's thread

  private void begin(WatchSession session, long start, WatchResponse first) {
    if (start == 0) {
      session.startAt(position, first);
      join(session);
    } else if (start <= position) {
      session.startAt(start - 1, first);
      history.follow(session, start, this::caughtUp);
    } else {
      store
          .revision()
          .whenComplete(
              (newest, failure) -> thread.execute(() -> beginAhead(session, start, first, newest)));
    }
  }

  /** Begins a watch whose start this replica has not seen: another may have. */
  private void beginAhead(WatchSession session, long start, WatchResponse first, Long newest) {
    if (newest == null) {
      session.end(
          new ApiException(
              ApiException.Code.UNAVAILABLE,
              "start_revision: "
                  + start
                  + " is newer than this replica, and etcd does not answer; try again"));
    } else if (start > newest + 1) {
      session.end(future(start, "at most " + (newest + 1)));
    } else {
      session.startAt(start - 1, first);
      if (start <= position) {
        history.follow(session, start, this::caughtUp);
      } else {
        join(session);
      }
    }
  }

  /**
   * Moves a watch from history to the live changes if it is level with them.
   *
   * @return whether it was
   */
  private boolean caughtUp(WatchSession session) {
    if (session.cursor() < position) {
      return false;
    }
    join(session);
    return true;
  }

  private void join(WatchSession session) {
    if (!session.ended()) {
      live.add(session);
    }
  }

  private void publish(List<Publication> publications, long revision) {
    for (Publication publication : publications) {
      live.forEach(session -> session.publish(publication));
    }
    position = revision;
  }

  /** Changes between the position and this revision went unseen: history has them. */
  private void restart(long revision) {
    long seen = position;
    position = revision;
    if (seen == 0 || seen == revision) {
      return;
    }
    log.info("watches read changes {} to {} from history", seen + 1, revision);
    List<WatchSession> behind = List.copyOf(live);
    live.clear();
    for (WatchSession session : behind) {
      session.advance(seen);
      if (session.cursor() >= revision) {
        live.add(session);
      } else {
        history.follow(session, session.cursor() + 1, this::caughtUp);
      }
    }
  }

  private void ended(long id, WatchFilter filter) {
    synchronized (gate) {
      WatchSession session = sessions.remove(id);
      podWatches -= filter.wantsPods() ? 1 : 0;
      jobWatches -= filter.wantsJobs() ? 1 : 0;
      if (session != null) {
        thread.execute(() -> live.remove(session));
      }
    }
  }

  private WatchResponse notFound(WatchRequest request, Records records) {
    WatchResponse.Builder response = WatchResponse.newBuilder();
    PodFilter pods = request.getPodFilter();
    Set<JobID> jobs = new LinkedHashSet<>(request.getStatelessJobFilter().getJobIdsList());
    if (!pods.getJobId().getValue().isEmpty()) {
      jobs.add(pods.getJobId());
    }
    for (JobID id : jobs) {
      JobEntry job = records.job(id.getValue());
      if (job == null || !job.complete()) {
        response.addStatelessJobsNotFound(id);
      }
    }
    for (var name : pods.getPodNamesList()) {
      if (!exists(name.getValue(), pods.getJobId().getValue(), records)) {
        response.addPodsNotFound(name);
      }
    }
    return response.build();
  }

  /**
   * Whether there is a pod of that name.
   *
   * @param ofJob the job that it must belong to; empty for any
   */
  private boolean exists(String text, String ofJob, Records records) {
    try {
      PodName name = PodName.parse(text);
      JobEntry job = records.job(name.job());
      return (ofJob.isEmpty() || ofJob.equals(name.job()))
          && job != null
          && job.complete()
          && podReader.exists(job, name.instance());
    } catch (IllegalArgumentException noPodName) {
      return false;
    }
  }

  private static ApiException future(long start, String allowed) {
    return new ApiException(
        ApiException.Code.INVALID_ARGUMENT,
        "start_revision: "
            + Long.toUnsignedString(start)
            + " is newer than the store; allowed: 0 for changes from now on, or "
            + allowed);
  }
}
