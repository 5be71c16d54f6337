package peloton.operator.grpc;

import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobIDFromJobNameRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobIDFromJobNameResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobResponse;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.desired.ApiException;
import peloton.desired.job.JobWriter;
import peloton.operator.read.CurrentView;
import peloton.operator.read.JobReader;
import peloton.operator.read.PodReader;
import peloton.records.JobGoalRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/** The stateless jobs of the API. */
final class JobServiceHandler extends JobServiceGrpc.JobServiceImplBase {
  private final Answers answers;
  private final CurrentView view;
  private final JobReader jobs;
  private final PodReader pods;
  private final JobWriter writer;

  JobServiceHandler(
      Answers answers, CurrentView view, JobReader jobs, PodReader pods, JobWriter writer) {
    this.answers = answers;
    this.view = view;
    this.jobs = jobs;
    this.pods = pods;
    this.writer = writer;
  }

  @Override
  public void createJob(CreateJobRequest request, StreamObserver<CreateJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.create(request));
  }

  @Override
  public void replaceJob(ReplaceJobRequest request, StreamObserver<ReplaceJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.replace(request));
  }

  @Override
  public void startJob(StartJobRequest request, StreamObserver<StartJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.start(request));
  }

  @Override
  public void stopJob(StopJobRequest request, StreamObserver<StopJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.stop(request));
  }

  @Override
  public void deleteJob(DeleteJobRequest request, StreamObserver<DeleteJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.delete(request));
  }

  @Override
  public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
    answers.now(observer, () -> getJob(request));
  }

  @Override
  public void getJobIDFromJobName(
      GetJobIDFromJobNameRequest request, StreamObserver<GetJobIDFromJobNameResponse> observer) {
    answers.now(observer, () -> jobsNamed(request.getJobName()));
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
    answers.stream(observer, this::listJobs);
  }

  @Override
  public void listPods(ListPodsRequest request, StreamObserver<ListPodsResponse> observer) {
    answers.stream(observer, () -> listPods(request));
  }

  private GetJobResponse getJob(GetJobRequest request) {
    JobEntry job = view.job(request.getJobId().getValue());
    GetJobResponse.Builder response = GetJobResponse.newBuilder();
    if (request.getSummaryOnly()) {
      return response.setSummary(jobs.summary(job)).build();
    }
    if (!request.getVersion().getValue().isEmpty()) {
      EntityVersion version = Requests.version(request.getVersion().getValue());
      return response
          .setJobInfo(
              jobs.specAt(job, version.configuration())
                  .orElseThrow(
                      () ->
                          new ApiException(
                              ApiException.Code.NOT_FOUND,
                              "version: configuration "
                                  + version.configuration()
                                  + " of job "
                                  + job.id()
                                  + " is not kept; there are "
                                  + job.specs().keySet())))
          .build();
    }
    response.setJobInfo(jobs.info(job));
    jobs.workflow(job).ifPresent(response::setWorkflowInfo);
    return response.build();
  }

  private GetJobIDFromJobNameResponse jobsNamed(String name) {
    NavigableSet<RecordKey.JobName> named = view.records().jobsNamed(name);
    if (named.isEmpty()) {
      throw new ApiException(
          ApiException.Code.NOT_FOUND,
          "job_name: no job was ever named \"" + name + "\"; capitals count");
    }
    Set<String> ids =
        named.stream()
            .map(RecordKey.JobName::job)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    GetJobIDFromJobNameResponse.Builder response = GetJobIDFromJobNameResponse.newBuilder();
    ids.forEach(id -> response.addJobId(JobId.toProto(id)));
    return response.build();
  }

  /** Newest first. A job that goes away while the list is read is left out. */
  private Iterator<ListJobsResponse> listJobs() {
    Records records = view.records();
    record Listed(JobEntry job, long createdAt) {}
    List<Listed> listed = new ArrayList<>();
    for (JobEntry job : records.jobs()) {
      JobGoalRecord goal = job.goal();
      if (goal != null) {
        listed.add(new Listed(job, goal.getCreatedAt()));
      }
    }
    listed.sort(
        Comparator.comparingLong(Listed::createdAt)
            .reversed()
            .thenComparing(item -> item.job().id()));
    var summaries =
        listed.stream().flatMap(item -> jobs.findSummary(item.job()).stream()).iterator();
    return new Batches<>(summaries)
        .map(batch -> ListJobsResponse.newBuilder().addAllJobs(batch).build());
  }

  private Iterator<ListPodsResponse> listPods(ListPodsRequest request) {
    JobEntry job = view.job(request.getJobId().getValue());
    int bound = pods.bound(job);
    int from = 0;
    int to = bound;
    if (request.hasRange()) {
      InstanceIDRange range = request.getRange();
      from = clip(range.getFrom(), bound);
      to = clip(range.getTo(), bound);
      if (Integer.compareUnsigned(range.getFrom(), range.getTo()) > 0) {
        throw new ApiException(
            ApiException.Code.INVALID_ARGUMENT,
            "range: from "
                + Integer.toUnsignedString(range.getFrom())
                + " is above to "
                + Integer.toUnsignedString(range.getTo())
                + "; it means the instances from the first up to, not including, the second");
      }
    }
    if (from == to) {
      return Collections.emptyIterator();
    }
    var summaries =
        IntStream.range(from, to)
            .filter(instance -> pods.exists(job, instance))
            .mapToObj(instance -> pods.summary(job, instance))
            .iterator();
    return new Batches<>(summaries)
        .map(batch -> ListPodsResponse.newBuilder().addAllPods(batch).build());
  }

  private static int clip(int unsigned, int bound) {
    return Integer.compareUnsigned(unsigned, bound) > 0 ? bound : unsigned;
  }
}
