package peloton.command.job;

import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.AbortJobWorkflowResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton job abort}. */
@Command(name = "abort", description = "Give up a job's workflow and leave the pods as they are.")
public final class JobAbortCommand extends ClientCommand {
  @Mixin private JobChange change;
  @Mixin private OpaqueOption opaque;

  /** Made for one run of the program. */
  public JobAbortCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    AbortJobWorkflowRequest.Builder request = AbortJobWorkflowRequest.newBuilder();
    opaque.data().ifPresent(request::setOpaqueData);
    AbortJobWorkflowResponse response =
        change.run(
            session,
            (job, version) ->
                session
                    .client()
                    .jobs()
                    .abortJobWorkflow(
                        request
                            .setJobId(JobId.toProto(job))
                            .setVersion(version.toProto())
                            .build()));
    session
        .printer()
        .result(
            response,
            () -> "Workflow aborted. New EntityVersion: " + response.getVersion().getValue());
  }
}
