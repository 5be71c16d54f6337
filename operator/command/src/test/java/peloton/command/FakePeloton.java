package peloton.command;

import com.google.protobuf.Message;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc;
import peloton.api.v1alpha.pod.svc.PodServiceGrpc;
import peloton.api.v1alpha.pod.svc.PodSvc;
import peloton.api.v1alpha.respool.ResourcePoolServiceGrpc;
import peloton.api.v1alpha.respool.RespoolSvc;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;
import peloton.api.v1alpha.watch.svc.WatchSvc;

/**
 * A server on a real socket that answers as it is told: for each type of request the answers in
 * order, the last one for ever. It keeps the requests.
 */
final class FakePeloton implements AutoCloseable {
  private final Map<Class<?>, Queue<Function<Message, List<Object>>>> answers = new HashMap<>();
  private final List<Message> requests = new ArrayList<>();
  private final Server server;

  FakePeloton() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(new Jobs())
            .addService(new Pods())
            .addService(new Pools())
            .addService(new Watches())
            .build()
            .start();
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** Answers with messages, each sent, and then a {@link Status} if the call shall fail. */
  synchronized <Q extends Message> FakePeloton on(Class<Q> request, Object... answer) {
    return on(request, unused -> List.of(answer));
  }

  synchronized <Q extends Message> FakePeloton on(
      Class<Q> request, Function<Q, List<Object>> answer) {
    answers
        .computeIfAbsent(request, unused -> new ArrayDeque<>())
        .add(message -> answer.apply(request.cast(message)));
    return this;
  }

  synchronized <Q extends Message> List<Q> requests(Class<Q> type) {
    return requests.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private <A extends Message> void answer(
      Message request, Class<A> type, StreamObserver<A> observer) {
    for (Object part : next(request)) {
      if (part instanceof Status status) {
        observer.onError(status.asRuntimeException());
        return;
      }
      observer.onNext(type.cast(part));
    }
    observer.onCompleted();
  }

  private synchronized List<Object> next(Message request) {
    requests.add(request);
    Queue<Function<Message, List<Object>>> queue = answers.get(request.getClass());
    if (queue == null) {
      return List.of(
          Status.UNIMPLEMENTED.withDescription("no answer to " + request.getClass().getName()));
    }
    return (queue.size() > 1 ? queue.remove() : queue.element()).apply(request);
  }

  private final class Jobs extends JobServiceGrpc.JobServiceImplBase {
    @Override
    public void createJob(
        StatelessSvc.CreateJobRequest request,
        StreamObserver<StatelessSvc.CreateJobResponse> observer) {
      answer(request, StatelessSvc.CreateJobResponse.class, observer);
    }

    @Override
    public void replaceJob(
        StatelessSvc.ReplaceJobRequest request,
        StreamObserver<StatelessSvc.ReplaceJobResponse> observer) {
      answer(request, StatelessSvc.ReplaceJobResponse.class, observer);
    }

    @Override
    public void getJob(
        StatelessSvc.GetJobRequest request, StreamObserver<StatelessSvc.GetJobResponse> observer) {
      answer(request, StatelessSvc.GetJobResponse.class, observer);
    }

    @Override
    public void getJobIDFromJobName(
        StatelessSvc.GetJobIDFromJobNameRequest request,
        StreamObserver<StatelessSvc.GetJobIDFromJobNameResponse> observer) {
      answer(request, StatelessSvc.GetJobIDFromJobNameResponse.class, observer);
    }

    @Override
    public void listJobs(
        StatelessSvc.ListJobsRequest request,
        StreamObserver<StatelessSvc.ListJobsResponse> observer) {
      answer(request, StatelessSvc.ListJobsResponse.class, observer);
    }

    @Override
    public void listPods(
        StatelessSvc.ListPodsRequest request,
        StreamObserver<StatelessSvc.ListPodsResponse> observer) {
      answer(request, StatelessSvc.ListPodsResponse.class, observer);
    }

    @Override
    public void startJob(
        StatelessSvc.StartJobRequest request,
        StreamObserver<StatelessSvc.StartJobResponse> observer) {
      answer(request, StatelessSvc.StartJobResponse.class, observer);
    }

    @Override
    public void stopJob(
        StatelessSvc.StopJobRequest request,
        StreamObserver<StatelessSvc.StopJobResponse> observer) {
      answer(request, StatelessSvc.StopJobResponse.class, observer);
    }

    @Override
    public void deleteJob(
        StatelessSvc.DeleteJobRequest request,
        StreamObserver<StatelessSvc.DeleteJobResponse> observer) {
      answer(request, StatelessSvc.DeleteJobResponse.class, observer);
    }
  }

  private final class Pods extends PodServiceGrpc.PodServiceImplBase {
    @Override
    public void getPod(
        PodSvc.GetPodRequest request, StreamObserver<PodSvc.GetPodResponse> observer) {
      answer(request, PodSvc.GetPodResponse.class, observer);
    }

    @Override
    public void getPodEvents(
        PodSvc.GetPodEventsRequest request, StreamObserver<PodSvc.GetPodEventsResponse> observer) {
      answer(request, PodSvc.GetPodEventsResponse.class, observer);
    }

    @Override
    public void browsePodSandbox(
        PodSvc.BrowsePodSandboxRequest request,
        StreamObserver<PodSvc.BrowsePodSandboxResponse> observer) {
      answer(request, PodSvc.BrowsePodSandboxResponse.class, observer);
    }
  }

  private final class Pools extends ResourcePoolServiceGrpc.ResourcePoolServiceImplBase {
    @Override
    public void createResourcePool(
        RespoolSvc.CreateResourcePoolRequest request,
        StreamObserver<RespoolSvc.CreateResourcePoolResponse> observer) {
      answer(request, RespoolSvc.CreateResourcePoolResponse.class, observer);
    }

    @Override
    public void getResourcePool(
        RespoolSvc.GetResourcePoolRequest request,
        StreamObserver<RespoolSvc.GetResourcePoolResponse> observer) {
      answer(request, RespoolSvc.GetResourcePoolResponse.class, observer);
    }

    @Override
    public void lookupResourcePoolID(
        RespoolSvc.LookupResourcePoolIDRequest request,
        StreamObserver<RespoolSvc.LookupResourcePoolIDResponse> observer) {
      answer(request, RespoolSvc.LookupResourcePoolIDResponse.class, observer);
    }

    @Override
    public void queryResourcePools(
        RespoolSvc.QueryResourcePoolsRequest request,
        StreamObserver<RespoolSvc.QueryResourcePoolsResponse> observer) {
      answer(request, RespoolSvc.QueryResourcePoolsResponse.class, observer);
    }

    @Override
    public void deleteResourcePool(
        RespoolSvc.DeleteResourcePoolRequest request,
        StreamObserver<RespoolSvc.DeleteResourcePoolResponse> observer) {
      answer(request, RespoolSvc.DeleteResourcePoolResponse.class, observer);
    }
  }

  private final class Watches extends WatchServiceGrpc.WatchServiceImplBase {
    @Override
    public void watch(
        WatchSvc.WatchRequest request, StreamObserver<WatchSvc.WatchResponse> observer) {
      answer(request, WatchSvc.WatchResponse.class, observer);
    }
  }
}
