package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.grpc.Statuses.assertFails;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc.JobServiceBlockingStub;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsResponse;

class InterceptorsTest {
  private final List<StreamObserver<GetJobResponse>> held = new ArrayList<>();
  private Server server;
  private ManagedChannel channel;

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void whatAHandlerThrowsEndsItsCallOnce() {
    JobServiceBlockingStub stub =
        serve(
            new JobServiceGrpc.JobServiceImplBase() {
              @Override
              public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
                throw new IllegalStateException("oops");
              }

              @Override
              public void listJobs(
                  ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
                observer.onError(Status.ABORTED.withDescription("first").asRuntimeException());
                throw new IllegalStateException("second");
              }
            },
            new FailureInterceptor(new StatusMapper(() -> "r7")));

    assertFails(() -> stub.getJob(GetJobRequest.getDefaultInstance()), Status.Code.INTERNAL, "r7");
    assertFails(
        () -> stub.listJobs(ListJobsRequest.getDefaultInstance()).hasNext(),
        Status.Code.ABORTED,
        "first");
  }

  @Test
  void callsBeyondTheLimitAreRefusedUntilOneIsAnswered() {
    JobServiceBlockingStub stub =
        serve(
            new JobServiceGrpc.JobServiceImplBase() {
              @Override
              public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
                held.add(observer);
              }
            },
            new CallLimitInterceptor(2, Set.of()));
    var futures = JobServiceGrpc.newFutureStub(channel);
    var first = futures.getJob(GetJobRequest.getDefaultInstance());
    var second = futures.getJob(GetJobRequest.getDefaultInstance());

    assertFails(
        () -> stub.getJob(GetJobRequest.getDefaultInstance()),
        Status.Code.RESOURCE_EXHAUSTED,
        "2 calls in hand");

    held.get(0).onNext(GetJobResponse.getDefaultInstance());
    held.get(0).onCompleted();
    assertThat(first).isDone();
    second.cancel(true);
    var third = futures.getJob(GetJobRequest.getDefaultInstance());
    var fourth = futures.getJob(GetJobRequest.getDefaultInstance());
    assertThat(held).as("the refused call never reached the handler").hasSize(4);
    assertThat(third.isDone() || fourth.isDone()).isFalse();
  }

  @Test
  void handlersDoNotRunInTheContextOfTheirCall() {
    List<Boolean> cancellable = new ArrayList<>();
    JobServiceBlockingStub stub =
        serve(
            new JobServiceGrpc.JobServiceImplBase() {
              @Override
              public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
                cancellable.add(Context.current().getDeadline() != null);
                observer.onNext(GetJobResponse.getDefaultInstance());
                observer.onCompleted();
              }
            },
            new DetachInterceptor());

    stub.withDeadlineAfter(1, TimeUnit.MINUTES).getJob(GetJobRequest.getDefaultInstance());

    assertThat(cancellable).containsExactly(false);
  }

  private JobServiceBlockingStub serve(
      JobServiceGrpc.JobServiceImplBase service, ServerInterceptor interceptor) {
    String name = InProcessServerBuilder.generateName();
    try {
      server =
          InProcessServerBuilder.forName(name)
              .directExecutor()
              .addService(service)
              .intercept(interceptor)
              .build()
              .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    return JobServiceGrpc.newBlockingStub(channel);
  }
}
