package peloton.operator.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import peloton.api.ids.PodId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.pod.svc.PodServiceGrpc;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.DeletePodEventsResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodCacheRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodCacheResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodEventsRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodEventsResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RefreshPodResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.RestartPodResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.StartPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StartPodResponse;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.StopPodResponse;
import peloton.desired.ApiException;
import peloton.desired.pod.PodWriter;
import peloton.operator.read.CurrentView;
import peloton.operator.read.PodReader;
import peloton.operator.sandbox.SandboxBrowser;
import peloton.records.PodHistoryRecord;
import peloton.records.PodRecord;
import peloton.store.KeyValue;
import peloton.store.KeyValueStore;
import peloton.store.view.JobEntry;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;

/** The pods of the API. Runs that are over are read from etcd. */
final class PodServiceHandler extends PodServiceGrpc.PodServiceImplBase {
  private final Answers answers;
  private final CurrentView view;
  private final PodReader pods;
  private final KeyValueStore store;
  private final Keyspace keyspace;
  private final SandboxBrowser sandboxes;
  private final PodWriter writer;

  PodServiceHandler(
      Answers answers,
      CurrentView view,
      PodReader pods,
      PodWriter writer,
      KeyValueStore store,
      Keyspace keyspace,
      SandboxBrowser sandboxes) {
    this.answers = answers;
    this.view = view;
    this.pods = pods;
    this.store = store;
    this.keyspace = keyspace;
    this.sandboxes = sandboxes;
    this.writer = writer;
  }

  @Override
  public void startPod(StartPodRequest request, StreamObserver<StartPodResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().start(request));
  }

  @Override
  public void stopPod(StopPodRequest request, StreamObserver<StopPodResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().stop(request));
  }

  @Override
  public void restartPod(RestartPodRequest request, StreamObserver<RestartPodResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().restart(request));
  }

  @Override
  public void refreshPod(RefreshPodRequest request, StreamObserver<RefreshPodResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().refresh(request));
  }

  @Override
  public void deletePodEvents(
      DeletePodEventsRequest request, StreamObserver<DeletePodEventsResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().deleteEvents(request));
  }

  @Override
  public void getPodCache(
      GetPodCacheRequest request, StreamObserver<GetPodCacheResponse> observer) {
    answers.now(observer, () -> getPodCache(request));
  }

  @Override
  public void getPod(GetPodRequest request, StreamObserver<GetPodResponse> observer) {
    answers.later(observer, () -> getPod(request));
  }

  @Override
  public void getPodEvents(
      GetPodEventsRequest request, StreamObserver<GetPodEventsResponse> observer) {
    answers.later(observer, () -> getPodEvents(request));
  }

  @Override
  public void browsePodSandbox(
      BrowsePodSandboxRequest request, StreamObserver<BrowsePodSandboxResponse> observer) {
    answers.later(observer, () -> browse(request));
  }

  private GetPodCacheResponse getPodCache(GetPodCacheRequest request) {
    PodName name = Requests.podName(request.getPodName().getValue());
    JobEntry job = jobOf(name);
    PodRecord record = record(job, name);
    return GetPodCacheResponse.newBuilder()
        .setStatus(pods.summary(job, name.instance(), record).getStatus())
        .addAllLabels(pods.labels(job, name.instance(), record))
        .build();
  }

  private PodRecord record(JobEntry job, PodName name) {
    return pods.record(job, name.instance(), view.records().lastRuns());
  }

  private CompletableFuture<GetPodResponse> getPod(GetPodRequest request) {
    PodName name = Requests.podName(request.getPodName().getValue());
    JobEntry job = jobOf(name);
    boolean withSpec = !request.getStatusOnly();
    PodRecord record = record(job, name);
    GetPodResponse.Builder response =
        GetPodResponse.newBuilder().setCurrent(pods.info(job, name.instance(), record, withSpec));
    if (request.getLimit() == 1 || record.getPreviousRun() == 0) {
      return CompletableFuture.completedFuture(response.build());
    }
    long most =
        request.getLimit() == 0 ? Long.MAX_VALUE : Integer.toUnsignedLong(request.getLimit()) - 1;
    return history(name)
        .thenApply(
            runs -> {
              long current = record(job, name).getRun();
              runs.stream()
                  .filter(run -> run.getRun() < current)
                  .limit(most)
                  .forEach(
                      run -> response.addPrevious(pods.past(job, name.instance(), run, withSpec)));
              return response.build();
            });
  }

  private CompletableFuture<GetPodEventsResponse> getPodEvents(GetPodEventsRequest request) {
    PodName name = Requests.podName(request.getPodName().getValue());
    JobEntry job = jobOf(name);
    return run(job, name, request.getPodId().getValue())
        .thenApply(
            run ->
                GetPodEventsResponse.newBuilder()
                    .addAllEvents(pods.events(job, name.instance(), run))
                    .build());
  }

  private CompletableFuture<BrowsePodSandboxResponse> browse(BrowsePodSandboxRequest request) {
    PodName name = Requests.podName(request.getPodName().getValue());
    JobEntry job = jobOf(name);
    return run(job, name, request.getPodId().getValue())
        .thenCompose(run -> sandboxes.browse(name.run(run.getRun()), run, view.records()));
  }

  /** The record of a run: the current one if none is named. */
  private CompletableFuture<PodRecord> run(JobEntry job, PodName name, String podId) {
    PodRecord current = record(job, name);
    if (podId.isEmpty()) {
      return CompletableFuture.completedFuture(current);
    }
    PodId id = Requests.podId(podId, name);
    if (id.run() == current.getRun()) {
      return CompletableFuture.completedFuture(current);
    }
    return store
        .get(keyspace.key(new RecordKey.PodHistory(name.job(), name.instance(), id.run())))
        .thenApply(
            range ->
                range.entries().stream()
                    .findFirst()
                    .map(PodServiceHandler::decode)
                    .orElseThrow(
                        () ->
                            new ApiException(
                                ApiException.Code.NOT_FOUND,
                                "pod_id: pod "
                                    + name
                                    + " has no run "
                                    + id.run()
                                    + " on record; the current one is "
                                    + current.getRun())));
  }

  /** The runs that are over, newest first. */
  private CompletableFuture<List<PodRecord>> history(PodName name) {
    return store
        .range(keyspace.below(RecordKey.PodHistory.prefix(name.job(), name.instance())), 0)
        .thenApply(
            range -> {
              List<PodRecord> runs = new ArrayList<>();
              range.entries().forEach(entry -> runs.add(decode(entry)));
              Collections.reverse(runs);
              return runs;
            });
  }

  private static PodRecord decode(KeyValue entry) {
    try {
      return PodHistoryRecord.parseFrom(entry.value()).getPod();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("record " + entry.key() + " cannot be read", e);
    }
  }

  private JobEntry jobOf(PodName name) {
    JobEntry job =
        Optional.ofNullable(view.records().job(name.job()))
            .filter(JobEntry::complete)
            .orElseThrow(
                () ->
                    new ApiException(
                        ApiException.Code.NOT_FOUND,
                        "pod_name: there is no job \"" + name.job() + "\""));
    if (!pods.exists(job, name.instance())) {
      throw new ApiException(
          ApiException.Code.NOT_FOUND,
          "pod_name: job "
              + name.job()
              + " has no instance "
              + name.instance()
              + "; it has "
              + pods.bound(job)
              + ", counted from 0");
    }
    return job;
  }

  /** The writer in the name of the client that calls. */
  private PodWriter writer() {
    return writer.as(ForceInterceptor.requester());
  }
}
