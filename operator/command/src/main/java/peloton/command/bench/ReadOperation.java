package peloton.command.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryJobsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsResponse;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.PodName;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.svc.PodServiceGrpc;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodRequest;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodResponse;
import peloton.api.v1alpha.query.Query.OrderBy;
import peloton.api.v1alpha.query.Query.PaginationSpec;
import peloton.api.v1alpha.query.Query.PropertyPath;
import peloton.operator.grpc.BytesMarshaller;

/**
 * A read that is measured.
 *
 * @param id in metrics, such as {@code get-job}
 * @param requests sent in turn
 * @param items what a whole answer must hold, by its messages
 * @param expected how many items each request's answer has
 */
record ReadOperation(
    String id,
    MethodDescriptor<ByteString, ByteString> method,
    List<ByteString> requests,
    Items items,
    int expected) {
  static final String SMALL_JOB = "get-job.small";
  static final String LARGE_JOB = "get-job.large";

  private static final int REQUESTS = 64;
  private static final int PAGE = 100;

  /** Counts what a message holds. */
  interface Items {
    int in(ByteString message) throws InvalidProtocolBufferException;
  }

  boolean streams() {
    return method.getType() == MethodDescriptor.MethodType.SERVER_STREAMING;
  }

  /**
   * All operations.
   *
   * @param large a job of so many pods
   * @param small jobs
   */
  static List<ReadOperation> all(String large, int pods, List<String> small) {
    Random random = new Random(1);
    List<ReadOperation> all = new ArrayList<>();
    all.add(
        of(
            SMALL_JOB,
            JobServiceGrpc.getGetJobMethod(),
            i -> GetJobRequest.newBuilder().setJobId(job(small.get(i % small.size()))).build(),
            bytes -> GetJobResponse.parseFrom(bytes).hasJobInfo() ? 1 : 0,
            1));
    all.add(
        of(
            LARGE_JOB,
            JobServiceGrpc.getGetJobMethod(),
            i -> GetJobRequest.newBuilder().setJobId(job(large)).build(),
            bytes -> GetJobResponse.parseFrom(bytes).hasJobInfo() ? 1 : 0,
            1));
    all.add(
        of(
            "get-pod",
            PodServiceGrpc.getGetPodMethod(),
            i ->
                GetPodRequest.newBuilder()
                    .setPodName(PodName.newBuilder().setValue(large + "-" + random.nextInt(pods)))
                    .build(),
            bytes -> GetPodResponse.parseFrom(bytes).getCurrent().hasSpec() ? 1 : 0,
            1));
    all.add(
        of(
            "query-jobs",
            JobServiceGrpc.getQueryJobsMethod(),
            i -> queryJobs(offset(random, small.size())),
            bytes -> QueryJobsResponse.parseFrom(bytes).getRecordsCount(),
            Math.min(PAGE, small.size() + 1)));
    all.add(queryPods("query-pods.first", large, pods, i -> page(0)));
    all.add(queryPods("query-pods.any", large, pods, i -> page(offset(random, pods))));
    all.add(
        queryPods(
            "query-pods.ordered",
            large,
            pods,
            i -> ordered(page(offset(random, pods)), List.of("host", "creation_time").get(i % 2))));
    all.add(
        of(
            "list-pods",
            JobServiceGrpc.getListPodsMethod(),
            i -> ListPodsRequest.newBuilder().setJobId(job(large)).build(),
            bytes -> ListPodsResponse.parseFrom(bytes).getPodsCount(),
            pods));
    return all;
  }

  /** Where a whole page is left. */
  private static int offset(Random random, int items) {
    return random.nextInt(Math.max(1, items - PAGE));
  }

  private static ReadOperation queryPods(
      String id, String job, int pods, IntFunction<PaginationSpec.Builder> pages) {
    return of(
        id,
        JobServiceGrpc.getQueryPodsMethod(),
        i -> {
          QueryPodsRequest.Builder request = QueryPodsRequest.newBuilder().setJobId(job(job));
          request
              .getSpecBuilder()
              .addPodStates(PodState.POD_STATE_RUNNING)
              .setPagination(pages.apply(i));
          return request.build();
        },
        bytes -> QueryPodsResponse.parseFrom(bytes).getPodsCount(),
        Math.min(PAGE, pods));
  }

  private static QueryJobsRequest queryJobs(int offset) {
    QueryJobsRequest.Builder request = QueryJobsRequest.newBuilder();
    request
        .getSpecBuilder()
        .addJobStates(JobState.JOB_STATE_RUNNING)
        .setOwner(Load.OWNER)
        .setPagination(page(offset).setMaxLimit(Integer.MAX_VALUE));
    return request.build();
  }

  private static PaginationSpec.Builder page(int offset) {
    return PaginationSpec.newBuilder().setOffset(offset).setLimit(PAGE);
  }

  private static PaginationSpec.Builder ordered(PaginationSpec.Builder page, String property) {
    return page.addOrderBy(
        OrderBy.newBuilder()
            .setOrder(OrderBy.Order.ORDER_BY_DESC)
            .setProperty(PropertyPath.newBuilder().setValue(property)));
  }

  private static JobID job(String id) {
    return JobID.newBuilder().setValue(id).build();
  }

  private static ReadOperation of(
      String id,
      MethodDescriptor<?, ?> method,
      IntFunction<MessageLite> request,
      Items items,
      int expected) {
    List<ByteString> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      requests.add(request.apply(i).toByteString());
    }
    return new ReadOperation(
        id,
        method.toBuilder(new BytesMarshaller(), new BytesMarshaller()).build(),
        requests,
        items,
        expected);
  }
}
