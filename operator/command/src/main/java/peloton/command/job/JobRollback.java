package peloton.command.job;

import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobResponse;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import peloton.command.client.VersionedCall;
import picocli.CommandLine.Mixin;

/**
 * What both ways to go back to an earlier spec share: it is read, and replaces the present one. The
 * API has no other way back.
 */
final class JobRollback {
  @Mixin private UpdateOptions options;
  @Mixin private WaitOptions wait;

  void run(Session session, String job, EntityVersion earlier, Optional<Integer> batchSize) {
    UpdateSpec update = options.spec(batchSize);
    JobLookup lookup = new JobLookup(session.client());
    String id = lookup.id(job);
    JobSpec spec =
        session
            .client()
            .jobs()
            .getJob(
                GetJobRequest.newBuilder()
                    .setJobId(JobId.toProto(id))
                    .setVersion(earlier.toProto())
                    .build())
            .getJobInfo()
            .getSpec();
    ReplaceJobRequest.Builder request =
        ReplaceJobRequest.newBuilder()
            .setJobId(JobId.toProto(id))
            .setSpec(spec.toBuilder().clearRevision())
            .setUpdateSpec(update)
            .setOpaqueData(options.opaqueData());
    ReplaceJobResponse response =
        VersionedCall.run(
            lookup,
            id,
            Optional.empty(),
            current ->
                session.client().jobs().replaceJob(request.setVersion(current.toProto()).build()));
    session
        .printer()
        .result(response, () -> "New EntityVersion: " + response.getVersion().getValue());
    wait.follow(session, id, EntityVersion.parse(response.getVersion().getValue()));
  }
}
