package peloton.command.pod;

import java.util.Optional;
import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.peloton.Peloton.PodName;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxRequest;
import peloton.command.CommandException;
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
      arity = "0..1",
      paramLabel = "POD",
      description = "The pod: JOB-INSTANCE, where JOB is the job's id or name.")
  private String pod;

  @Option(
      names = "--filename",
      paramLabel = "FILE",
      description = "Which file: stdout (default), stderr, or another of the sandbox.")
  private String filename;

  @Option(names = "--follow", description = "Go on while the file grows, until the run is over.")
  private boolean follow;

  @Option(
      names = "-f",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "FILE",
      description = "Without FILE the same as --follow, with it the same as --filename.")
  private String letter;

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
    readLetter();
    PodName name = new PodLookup(session.client()).name(pod);
    Optional<PodID> run =
        Optional.ofNullable(podId).map(id -> PodID.newBuilder().setValue(id).build());
    String file = filename == null ? "stdout" : filename;
    if (follow) {
      new LogFollower(session.client(), name).follow(run, file, session.console().out());
      return;
    }
    BrowsePodSandboxRequest.Builder request = BrowsePodSandboxRequest.newBuilder().setPodName(name);
    run.ifPresent(request::setPodId);
    new SandboxReader()
        .copy(
            session.client().pods().browsePodSandbox(request.build()),
            file,
            session.console().out());
  }

  /**
   * To some {@code -f} means to follow, and in Peloton's own command it named the file. In {@code
   * logs -f POD} what comes after it is the pod.
   */
  private void readLetter() {
    if (pod == null && letter != null && !letter.isEmpty()) {
      pod = letter;
      letter = "";
    }
    if (pod == null) {
      throw CommandException.usage("say which pod: POD is missing");
    }
    if (letter != null && letter.isEmpty()) {
      follow = true;
    } else if (letter != null) {
      filename = letter;
    }
  }
}
