package peloton.command.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.kubernetes.KubernetesFront;
import peloton.command.kubernetes.KubernetesTools;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code peloton bench kubernetes}. */
@Command(
    name = "kubernetes",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Measure the front door that Kubernetes is: how long many StatelessJobs that are created at",
      "once take to be Ready, how soon their statuses show what etcd knows, and what a new",
      "operator writes that finds nothing changed. The API server is a real one, with role-based",
      "access and an audit log, on the same etcd; the launcher builds it where Go is installed."
    })
public final class KubernetesCommand implements Callable<Integer> {
  private static final Duration ALLOCATION_INTERVAL = Duration.ofSeconds(1);

  /** Room for what the changes add. */
  private static final int SPARE = 4;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1000",
      description = "StatelessJobs; default ${DEFAULT-VALUE}.")
  private int jobs;

  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "3",
      description = "Pods of each; default ${DEFAULT-VALUE}.")
  private int pods;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "200",
      description = "Changes of state that are followed; default ${DEFAULT-VALUE}.")
  private int changes;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      defaultValue = "100",
      description = "Simulated agents; default ${DEFAULT-VALUE}.")
  private int hosts;

  @Mixin private Harness harness;

  private final Console console;

  /** Made for one run of the program. */
  public KubernetesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    require("--jobs", jobs, 10_000);
    require("--pods", pods, 1_000);
    require("--changes", changes, 10_000);
    require("--hosts", hosts, 10_000);
    KubernetesTools tools =
        KubernetesTools.in(console.environment().get(KubernetesTools.VARIABLE))
            .orElseThrow(
                () ->
                    CommandException.usage(
                        "there is no kube-apiserver; where Go is installed, the launcher of a"
                            + " checkout builds one, else "
                            + KubernetesTools.VARIABLE
                            + " names the folder of one"));
    Path manifests = manifests();
    int room = LaunchPlan.room(jobs * pods + changes, hosts) * SPARE;
    return harness.run(
        console,
        directory ->
            KubernetesFront.served(Harness.cluster(directory, hosts, room, ALLOCATION_INTERVAL)),
        (cluster, progress) ->
            new KubernetesBench(
                new KubernetesBench.Plan(jobs, pods, changes, harness.limit()),
                new Stage(
                    cluster,
                    new Stage.Settings(harness.limit(), ALLOCATION_INTERVAL, room),
                    progress),
                new KubernetesFront(cluster, tools, manifests)));
  }

  /** Of the checkout that the launcher runs from. */
  private static Path manifests() {
    return Optional.ofNullable(System.getProperty("peloton.home"))
        .map(home -> Path.of(home, "manifests"))
        .filter(Files::isDirectory)
        .orElseThrow(
            () -> CommandException.usage("there are no manifests; run ./peloton of a checkout"));
  }

  private static void require(String option, int given, int most) {
    if (given < 1 || given > most) {
      throw CommandException.usage(option + " must be from 1 to " + most + ", found " + given);
    }
  }
}
