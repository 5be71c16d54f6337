package peloton.command.job;

import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.PauseJobWorkflowResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code peloton job pause}. */
@Command(name = "pause", description = "Stop a job's workflow from beginning further instances.")
public final class JobPauseCommand extends ClientCommand {
  @Mixin private JobChange change;
  @Mixin private OpaqueOption opaque;

  /** Made for one run of the program. */
  public JobPauseCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    PauseJobWorkflowRequest.Builder request = PauseJobWorkflowRequest.newBuilder();
    opaque.data().ifPresent(request::setOpaqueData);
    PauseJobWorkflowResponse response =
        change.run(
            session,
            (job, version) ->
                session
                    .client()
                    .jobs()
                    .pauseJobWorkflow(
                        request
                            .setJobId(JobId.toProto(job))
                            .setVersion(version.toProto())
                            .build()));
    session
        .printer()
        .result(
            response,
            () -> "Workflow paused. New EntityVersion: " + response.getVersion().getValue());
  }
}
