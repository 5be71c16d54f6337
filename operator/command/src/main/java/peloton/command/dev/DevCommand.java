package peloton.command.dev;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import peloton.command.Console;
import peloton.command.ExitCode;
import peloton.command.cluster.ClusterException;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code peloton dev}. */
@Command(
    name = "dev",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Run a whole cluster on this machine until Ctrl-C.",
      "etcd, the local Mesos and the operator are each a process of its own on 127.0.0.1. Jobs "
          + "and pools are kept in the folder from one time to the next; tasks end with the cluster "
          + "and are started again with it."
    })
public final class DevCommand implements Callable<Integer> {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".peloton/dev",
      description = "Holds data, logs and sandboxes; default ${DEFAULT-VALUE}.")
  private Path directory;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "5392",
      description = "The gRPC API's port if it is free, else another; default ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--agents",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many Mesos agents; default ${DEFAULT-VALUE}.")
  private int agents;

  @Option(names = "--simulated", description = "Tasks without processes.")
  private boolean simulated;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Serve the custom resources of this Kubernetes cluster, too.")
  private Path kubeconfig;

  private final Console console;

  /** Made for one run of the program. */
  public DevCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> mesosFlags = new ArrayList<>(List.of("--agents", Integer.toString(agents)));
    if (simulated) {
      mesosFlags.add("--simulated");
    }
    LocalCluster cluster =
        new LocalCluster(
            ClusterSettings.in(directory)
                .withOperatorPort(port)
                .withMesosFlags(mesosFlags)
                .withOperatorFlags(
                    kubeconfig == null
                        ? List.of()
                        : List.of(
                            "--kubernetes-kubeconfig", kubeconfig.toAbsolutePath().toString())));
    AtomicBoolean stopping = new AtomicBoolean();
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping.set(true);
                  say("Stopping the operator, the local Mesos and etcd.");
                  cluster.close();
                  stopped.countDown();
                },
                "dev-stop"));
    try {
      say("Starting etcd, the local Mesos and the operator in " + cluster.directory() + " ...");
      cluster.start();
      welcome(cluster);
      watch(cluster);
    } catch (ClusterException e) {
      if (stopping.get()) {
        stopped.await();
        return ExitCode.OK;
      }
      console.err().println("peloton: " + e.getMessage());
      console.err().flush();
      return ExitCode.REFUSED;
    }
    return ExitCode.OK;
  }

  private void welcome(LocalCluster cluster) {
    String server = cluster.operatorAddress();
    String prefix = server.endsWith(":5392") ? "" : "PELOTON_SERVER=" + server + " ";
    say("The cluster is up:");
    say("  operator     " + server + " (gRPC), pid " + cluster.operator().pid());
    say("  local Mesos  " + cluster.mesosAddress() + ", pid " + cluster.mesos().pid());
    say("  etcd         " + cluster.etcdAddress() + ", pid " + cluster.etcdPid());
    say("  data         " + cluster.directory());
    say("  logs         " + cluster.logs());
    say("");
    say("From another terminal:");
    say("  " + prefix + "./peloton respool create manifests/samples/respool.yaml");
    say("  " + prefix + "./peloton job create manifests/samples/job.yaml --wait");
    say("  " + prefix + "./peloton pod list hello");
    say("  grpcurl -plaintext " + server + " list");
    say("");
    say("Ctrl-C stops all of it.");
  }

  /** A part that ends by itself is told once; the rest goes on, as a cluster does. */
  private void watch(LocalCluster cluster) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    cluster.onUnexpectedEnd(
        (name, process) ->
            say(
                name
                    + " (pid "
                    + process.pid()
                    + ") has ended; see "
                    + process.log()
                    + ". Ctrl-C stops the rest."));
    never.await();
  }

  private void say(String line) {
    console.out().println(line);
    console.out().flush();
  }
}
