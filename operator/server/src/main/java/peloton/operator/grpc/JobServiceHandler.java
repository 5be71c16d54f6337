package peloton.operator.grpc;

import io.grpc.stub.StreamObserver;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobInfo;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowInfo;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobCacheRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobCacheResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobIDFromJobNameRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobIDFromJobNameResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetWorkflowEventsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetWorkflowEventsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobUpdatesRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobUpdatesResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobWorkflowsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobWorkflowsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PatchJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryJobsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RefreshJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobResponse;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.desired.ApiException;
import peloton.desired.job.JobWriter;
import peloton.operator.query.JobIndex;
import peloton.operator.query.JobQuery;
import peloton.operator.query.PodQuery;
import peloton.operator.read.CurrentView;
import peloton.operator.read.JobReader;
import peloton.operator.read.PodReader;
import peloton.store.view.JobEntry;
import peloton.store.view.LastRuns;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/** The stateless jobs of the API. */
final class JobServiceHandler extends JobServiceGrpc.JobServiceImplBase {
  private final Answers answers;
  private final CurrentView view;
  private final JobReader jobs;
  private final PodReader pods;
  private final JobIndex index;
  private final JobQuery jobQuery;
  private final PodQuery podQuery;
  private final JobWriter writer;

  JobServiceHandler(
      Answers answers,
      CurrentView view,
      JobReader jobs,
      PodReader pods,
      JobIndex index,
      JobWriter writer) {
    this.answers = answers;
    this.view = view;
    this.jobs = jobs;
    this.pods = pods;
    this.index = index;
    this.jobQuery = new JobQuery(index, jobs);
    this.podQuery = new PodQuery(pods);
    this.writer = writer;
  }

  @Override
  public void createJob(CreateJobRequest request, StreamObserver<CreateJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().create(request));
  }

  @Override
  public void replaceJob(ReplaceJobRequest request, StreamObserver<ReplaceJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().replace(request));
  }

  @Override
  public void patchJob(PatchJobRequest request, StreamObserver<PatchJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().patch(request));
  }

  @Override
  public void restartJob(RestartJobRequest request, StreamObserver<RestartJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().restart(request));
  }

  @Override
  public void pauseJobWorkflow(
      PauseJobWorkflowRequest request, StreamObserver<PauseJobWorkflowResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().pauseWorkflow(request));
  }

  @Override
  public void resumeJobWorkflow(
      ResumeJobWorkflowRequest request, StreamObserver<ResumeJobWorkflowResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().resumeWorkflow(request));
  }

  @Override
  public void abortJobWorkflow(
      AbortJobWorkflowRequest request, StreamObserver<AbortJobWorkflowResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().abortWorkflow(request));
  }

  @Override
  public void refreshJob(RefreshJobRequest request, StreamObserver<RefreshJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().refresh(request));
  }

  @Override
  public void getReplaceJobDiff(
      GetReplaceJobDiffRequest request, StreamObserver<GetReplaceJobDiffResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().diff(request));
  }

  @Override
  public void startJob(StartJobRequest request, StreamObserver<StartJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().start(request));
  }

  @Override
  public void stopJob(StopJobRequest request, StreamObserver<StopJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().stop(request));
  }

  @Override
  public void deleteJob(DeleteJobRequest request, StreamObserver<DeleteJobResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().delete(request));
  }

  @Override
  public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
    answers.now(observer, () -> getJob(request));
  }

  @Override
  public void getJobCache(
      GetJobCacheRequest request, StreamObserver<GetJobCacheResponse> observer) {
    answers.now(
        observer,
        () -> {
          JobInfo info = jobs.info(view.job(request.getJobId().getValue()));
          return GetJobCacheResponse.newBuilder()
              .setSpec(info.getSpec())
              .setStatus(info.getStatus())
              .build();
        });
  }

  @Override
  public void getWorkflowEvents(
      GetWorkflowEventsRequest request, StreamObserver<GetWorkflowEventsResponse> observer) {
    answers.now(
        observer,
        () -> {
          JobEntry job = view.job(Requests.jobId(request.getJobId()));
          return GetWorkflowEventsResponse.newBuilder()
              .addAllEvents(jobs.workflowEvents(job, request.getInstanceId(), request.getLimit()))
              .build();
        });
  }

  @Override
  public void listJobWorkflows(
      ListJobWorkflowsRequest request, StreamObserver<ListJobWorkflowsResponse> observer) {
    answers.now(
        observer,
        () ->
            ListJobWorkflowsResponse.newBuilder()
                .addAllWorkflowInfos(
                    workflows(
                        request.getJobId(),
                        request.getUpdatesLimit(),
                        request.getInstanceEvents()
                            ? OptionalInt.of(request.getInstanceEventsLimit())
                            : OptionalInt.empty()))
                .build());
  }

  @Override
  public void listJobUpdates(
      ListJobUpdatesRequest request, StreamObserver<ListJobUpdatesResponse> observer) {
    answers.now(
        observer,
        () ->
            ListJobUpdatesResponse.newBuilder()
                .addAllWorkflowInfos(workflows(request.getJobId(), 0, OptionalInt.empty()))
                .build());
  }

  @Override
  public void queryJobs(QueryJobsRequest request, StreamObserver<QueryJobsResponse> observer) {
    answers.now(observer, () -> jobQuery.answer(request, view.records()));
  }

  @Override
  public void queryPods(QueryPodsRequest request, StreamObserver<QueryPodsResponse> observer) {
    answers.now(
        observer,
        () -> {
          Records records = view.records();
          return podQuery.answer(request, view.job(request.getJobId().getValue()), records);
        });
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
    response.setJobInfo(jobs.info(job)).addAllSecrets(jobs.secrets(job));
    jobs.workflow(job).ifPresent(response::setWorkflowInfo);
    return response.build();
  }

  private List<WorkflowInfo> workflows(JobID id, int limit, OptionalInt eventsLimit) {
    if (id.getValue().isEmpty()) {
      throw new ApiException(
          ApiException.Code.INVALID_ARGUMENT, "job_id: none given; name the job");
    }
    return jobs.workflows(view.job(id.getValue()), limit, eventsLimit);
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
    view.check();
    var summaries =
        StreamSupport.stream(index.newestFirst().spliterator(), false)
            .flatMap(job -> jobs.findSummary(job).stream())
            .iterator();
    return new Batches<>(summaries)
        .map(batch -> ListJobsResponse.newBuilder().addAllJobs(batch).build());
  }

  private Iterator<ListPodsResponse> listPods(ListPodsRequest request) {
    LastRuns lastRuns = view.records().lastRuns();
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
            .mapToObj(instance -> pods.summary(job, instance, lastRuns))
            .iterator();
    return new Batches<>(summaries)
        .map(batch -> ListPodsResponse.newBuilder().addAllPods(batch).build());
  }

  private static int clip(int unsigned, int bound) {
    return Integer.compareUnsigned(unsigned, bound) > 0 ? bound : unsigned;
  }

  /** The writer in the name of the client that calls. */
  private JobWriter writer() {
    return writer.as(ForceInterceptor.requester());
  }
}
