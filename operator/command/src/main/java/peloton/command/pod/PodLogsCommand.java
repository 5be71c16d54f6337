package peloton.command.pod;

import java.util.Optional;
import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxRequest;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.PodLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code peloton pod logs}. */
@Command(
    name = "logs",
    description = {
      "Print a file of a pod's sandbox.",
      "It comes straight from the Mesos agent, which this machine must be able to reach."
    })
public final class PodLogsCommand extends ClientCommand {
  @Parameters(
      index = "0",
      paramLabel = "POD",
      description = "The pod: JOB-INSTANCE, where JOB is the job's id or name.")
  private String pod;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      defaultValue = "stdout",
      description = "Which file: stdout (default), stderr, or another of the sandbox.")
  private String filename;

  @Option(
      names = {"-p", "--pod-id", "--podid"},
      paramLabel = "POD-ID",
      description = "Which run: JOB-ID-INSTANCE-RUN; default: the latest.")
  private String podId;

  /** Made for one run of the program. */
  public PodLogsCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    BrowsePodSandboxRequest.Builder request =
        BrowsePodSandboxRequest.newBuilder().setPodName(new PodLookup(session.client()).name(pod));
    Optional.ofNullable(podId).ifPresent(id -> request.setPodId(PodID.newBuilder().setValue(id)));
    new SandboxReader()
        .copy(
            session.client().pods().browsePodSandbox(request.build()),
            filename,
            session.console().out());
  }
}
