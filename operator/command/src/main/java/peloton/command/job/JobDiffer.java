package peloton.command.job;

import java.util.List;
import java.util.Optional;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.GetReplaceJobDiffResponse;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.command.client.InstanceRanges;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import peloton.command.client.VersionedCall;
import peloton.command.spec.JobSpecFile;

/** What both ways to ask for the effect of another spec share. */
final class JobDiffer {
  private JobDiffer() {}

  static void run(
      Session session,
      String job,
      String file,
      Optional<String> respool,
      Optional<EntityVersion> version) {
    JobSpecFile specFile = SpecOptions.single(session, file);
    JobLookup lookup = new JobLookup(session.client());
    String id = lookup.id(job);
    JobSpec spec = SpecOptions.withPoolOfJob(session, specFile, respool, id);
    GetReplaceJobDiffResponse response =
        VersionedCall.run(
            lookup,
            id,
            version,
            current ->
                session
                    .client()
                    .jobs()
                    .getReplaceJobDiff(
                        GetReplaceJobDiffRequest.newBuilder()
                            .setJobId(JobId.toProto(id))
                            .setVersion(current.toProto())
                            .setSpec(spec)
                            .build()));
    session.printer().result(response, () -> text(response));
  }

  /** How many instances the change would touch in which way. */
  static String text(GetReplaceJobDiffResponse diff) {
    return String.join(
        System.lineSeparator(),
        line("added", diff.getInstancesAddedList()),
        line("removed", diff.getInstancesRemovedList()),
        line("updated", diff.getInstancesUpdatedList()),
        line("unchanged", diff.getInstancesUnchangedList()));
  }

  private static String line(String what, List<InstanceIDRange> ranges) {
    String count = String.format("%-10s %d", what + ":", InstanceRanges.count(ranges));
    return ranges.isEmpty() ? count : count + " (" + InstanceRanges.show(ranges) + ")";
  }
}
