package peloton.command.job;

import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ResumeJobWorkflowResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton job resume}. */
@Command(name = "resume", description = "Let a paused workflow go on.")
public final class JobResumeCommand extends ClientCommand {
  @Mixin private JobChange change;
  @Mixin private OpaqueOption opaque;

  /** Made for one run of the program. */
  public JobResumeCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    ResumeJobWorkflowRequest.Builder request = ResumeJobWorkflowRequest.newBuilder();
    opaque.data().ifPresent(request::setOpaqueData);
    ResumeJobWorkflowResponse response =
        change.run(
            session,
            (job, version) ->
                session
                    .client()
                    .jobs()
                    .resumeJobWorkflow(
                        request
                            .setJobId(JobId.toProto(job))
                            .setVersion(version.toProto())
                            .build()));
    session
        .printer()
        .result(
            response,
            () -> "Workflow resumed. New EntityVersion: " + response.getVersion().getValue());
  }
}
