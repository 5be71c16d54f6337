package peloton.controllers.reconcile;

import java.util.Optional;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.RestartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton.EntityVersion;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.controllers.job.JobAsk;
import peloton.controllers.job.JobStep;
import peloton.crds.job.StatelessJobSpec;
import peloton.desired.ApiException;
import peloton.desired.job.JobSnapshot;
import peloton.desired.job.JobWriter;
import peloton.desired.owner.Requester;
import peloton.records.OwnerRecord;

/** Makes the requests of the job API that steps stand for, in the name of a resource. */
final class JobRequester {
  private final JobWriter writer;
  private final Waiter waiter;

  JobRequester(JobWriter writer, Waiter waiter) {
    this.writer = writer;
    this.waiter = waiter;
  }

  /**
   * What a step is about.
   *
   * @param found the job as it is; empty if there is none
   * @param self the resource, without tokens
   * @param before the resource with the tokens that were handled; empty if it has not owned the job
   */
  record Job(
      String id,
      Optional<JobSnapshot> found,
      JobAsk ask,
      StatelessJobSpec given,
      OwnerRecord self,
      Optional<OwnerRecord> before) {

    JobID jobId() {
      return JobID.newBuilder().setValue(id).build();
    }

    EntityVersion version() {
      return found.orElseThrow().version().toProto();
    }
  }

  /** Makes the request of a step. That somebody else was faster is no failure: decide anew. */
  void make(JobStep step, Job job) {
    try {
      request(step, job, writer.as(new Requester.Resource(owner(step, job))));
    } catch (ApiException refused) {
      boolean changed =
          refused.code() == ApiException.Code.ABORTED
              && String.valueOf(refused.getMessage()).contains("unexpected entity version");
      if (!changed) {
        throw refused;
      }
    }
  }

  private void request(JobStep step, Job job, JobWriter own) {
    switch (step) {
      case CREATE ->
          waiter.await(
              own.create(
                  CreateJobRequest.newBuilder()
                      .setJobId(job.jobId())
                      .setSpec(job.ask().spec())
                      .setCreateSpec(job.ask().create())
                      .build()));
      case REPLACE ->
          waiter.await(
              own.replace(
                  ReplaceJobRequest.newBuilder()
                      .setJobId(job.jobId())
                      .setVersion(job.version())
                      .setSpec(job.ask().spec())
                      .setUpdateSpec(job.ask().update())
                      .build()));
      case START ->
          waiter.await(
              own.start(
                  StartJobRequest.newBuilder()
                      .setJobId(job.jobId())
                      .setVersion(job.version())
                      .build()));
      case STOP ->
          waiter.await(
              own.stop(
                  StopJobRequest.newBuilder()
                      .setJobId(job.jobId())
                      .setVersion(job.version())
                      .build()));
      case RESTART ->
          waiter.await(
              own.restart(
                  RestartJobRequest.newBuilder()
                      .setJobId(job.jobId())
                      .setVersion(job.version())
                      .setRestartSpec(job.ask().restart().orElseThrow())
                      .build()));
      case PAUSE ->
          waiter.await(
              own.pauseWorkflow(
                  PauseJobWorkflowRequest.newBuilder()
                      .setJobId(job.jobId())
                      .setVersion(job.version())
                      .build()));
      case RESUME ->
          waiter.await(
              own.resumeWorkflow(
                  ResumeJobWorkflowRequest.newBuilder()
                      .setJobId(job.jobId())
                      .setVersion(job.version())
                      .build()));
      case ABORT ->
          waiter.await(
              own.abortWorkflow(
                  AbortJobWorkflowRequest.newBuilder()
                      .setJobId(job.jobId())
                      .setVersion(job.version())
                      .build()));
      case ADOPT, NOTHING_TO_ABORT -> waiter.await(own.claim(job.id()));
      case DISOWN -> waiter.await(own.disown(job.id()));
      case DELETE ->
          waiter.await(
              own.delete(
                  DeleteJobRequest.newBuilder()
                      .setJobId(job.jobId())
                      .setVersion(job.version())
                      .setForce(true)
                      .build()));
      case NOTHING, RELEASE, MISSING, ADOPTION_REQUIRED, NOT_OWNED, AWAIT_DELETION ->
          throw new IllegalArgumentException(step + " is no request");
    }
  }

  /** The resource with the tokens that are handled once a step is made. */
  private static OwnerRecord owner(JobStep step, Job job) {
    OwnerRecord.Builder owner =
        job.self().toBuilder()
            .setHandledRestart(job.before().map(OwnerRecord::getHandledRestart).orElse(""))
            .setHandledAbort(job.before().map(OwnerRecord::getHandledAbort).orElse(""));
    // A job that begins has nothing to restart or to abort.
    if (step == JobStep.CREATE || step == JobStep.RESTART) {
      Optional.ofNullable(job.given().restart())
          .ifPresent(restart -> owner.setHandledRestart(restart.token()));
    }
    if (step == JobStep.CREATE || step == JobStep.ABORT || step == JobStep.NOTHING_TO_ABORT) {
      Optional.ofNullable(job.given().abortToken()).ifPresent(owner::setHandledAbort);
    }
    return owner.build();
  }
}
