package peloton.desired.pod;

import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import peloton.api.ids.PodId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.StartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StartPodResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodResponse;
import peloton.desired.ApiException;
import peloton.desired.Decision;
import peloton.desired.DesiredStore;
import peloton.desired.owner.Requester;
import peloton.store.Txn;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/**
 * The writes of the pod API. None changes the job's entity version. Requests and answers are the
 * API's own messages; futures fail with {@link ApiException} only, and end when the write can be
 * read back here.
 *
 * <p>All fail with INVALID_ARGUMENT for a name that is none, with NOT_FOUND if there is no such job
 * or its instances do not reach that far, and all but {@link #refresh} with ABORTED if the job is
 * being deleted.
 */
public final class PodWriter {
  private final DesiredStore store;
  private final Keyspace keys;
  private final PodChanges changes;
  private final InstantSource clock;

  public PodWriter(DesiredStore store, Keyspace keys, InstantSource clock) {
    this.store = store;
    this.keys = keys;
    this.changes = new PodChanges(keys, Requester.CLIENT);
    this.clock = clock;
  }

  private PodWriter(PodWriter like, Requester requester) {
    this.store = like.store;
    this.keys = like.keys;
    this.changes = new PodChanges(like.keys, requester);
    this.clock = like.clock;
  }

  /**
   * The writer in the name of another. To start or stop a pod of a job that belongs to a resource
   * fails with FAILED_PRECONDITION unless it is forced; without this call a writer is that of
   * clients which do not force.
   */
  public PodWriter as(Requester other) {
    return new PodWriter(this, other);
  }

  /**
   * Sets a pod's goal to RUNNING. If its job was stopped the job's goal becomes RUNNING too, and
   * its other pods stay stopped. Nothing happens if the pod is to run already.
   *
   * <p>Fails with INVALID_ARGUMENT also if the instance is being removed, and with
   * FAILED_PRECONDITION if the job was stopped and its pool is gone.
   */
  public CompletableFuture<StartPodResponse> start(StartPodRequest request) {
    return onPod(
            request.getPodName(),
            name -> (records, guard) -> changes.start(records, guard, name, now()))
        .thenApply(written -> StartPodResponse.getDefaultInstance());
  }

  /** Sets a pod's goal to KILLED. Nothing happens if it is not to run already. */
  public CompletableFuture<StopPodResponse> stop(StopPodRequest request) {
    return onPod(
            request.getPodName(),
            name -> (records, guard) -> changes.stop(records, guard, name, now()))
        .thenApply(written -> StopPodResponse.getDefaultInstance());
  }

  /**
   * Ends a pod's run and begins another; starts a pod that is stopped, as {@link #start} does. To
   * ask again before the new run has begun changes nothing.
   *
   * <p>Fails as {@link #start} does. With {@code check_sla} it fails with ABORTED, "pod restart
   * would violate SLA", if the job allows only so many unavailable instances, that many are {@link
   * Availability#UNAVAILABLE}, and this is not one of them. Of two such restarts at a time the
   * second sees the first.
   */
  public CompletableFuture<RestartPodResponse> restart(RestartPodRequest request) {
    return onPod(
            request.getPodName(),
            name ->
                (records, guard) ->
                    changes.restart(records, guard, name, request.getCheckSla(), now()))
        .thenApply(written -> RestartPodResponse.getDefaultInstance());
  }

  /** Has the pod's loop run again. */
  public CompletableFuture<RefreshPodResponse> refresh(RefreshPodRequest request) {
    return onPod(
            request.getPodName(), name -> (records, guard) -> changes.refresh(records, guard, name))
        .thenApply(written -> RefreshPodResponse.getDefaultInstance());
  }

  /**
   * Deletes the events of one run: readers leave out, see {@link DeletedEvents}, what the run has
   * by now, and all of it if the run is over. Later events of a run that goes on are seen. Nothing
   * happens if there are none.
   *
   * <p>Fails with INVALID_ARGUMENT also for a pod id that is missing, is none, or is of another
   * pod.
   */
  public CompletableFuture<DeletePodEventsResponse> deleteEvents(DeletePodEventsRequest request) {
    return onPod(
            request.getPodName(),
            name -> {
              PodId run = run(name, request.getPodId().getValue());
              return (records, guard) -> changes.deleteEvents(records, guard, run);
            })
        .thenApply(written -> DeletePodEventsResponse.getDefaultInstance());
  }

  private static PodId run(PodName name, String given) {
    PodId run = parsed("pod_id", () -> PodId.parse(given));
    if (!run.name().equals(name)) {
      throw new ApiException(
          INVALID_ARGUMENT,
          "pod_id: given " + run + ", which is not a run of the pod_name " + name);
    }
    return run;
  }

  private <T> CompletableFuture<T> onPod(
      Peloton.PodName given,
      Function<PodName, BiFunction<Records, Txn.Guard, Decision<T>>> request) {
    PodName name;
    BiFunction<Records, Txn.Guard, Decision<T>> decide;
    try {
      name = parsed("pod_name", () -> PodName.parse(given.getValue()));
      decide = request.apply(name);
    } catch (ApiException invalid) {
      return CompletableFuture.failedFuture(invalid);
    }
    String lock = keys.key(new RecordKey.PodGoal(name.job(), name.instance()));
    return store.writeLocked(lock, decide);
  }

  private static <T> T parsed(String field, java.util.function.Supplier<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException none) {
      throw new ApiException(INVALID_ARGUMENT, field + ": " + none.getMessage(), none);
    }
  }

  /** Unix nanoseconds. */
  private long now() {
    Instant now = clock.instant();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }
}
