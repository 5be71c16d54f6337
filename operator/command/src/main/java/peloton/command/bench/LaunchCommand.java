package peloton.command.bench;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.ExitCode;
import peloton.command.client.DurationConverter;
import peloton.command.client.Failures;
import peloton.command.cluster.ClusterException;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code peloton bench launch}. */
@Command(
    name = "launch",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Measure how fast jobs come up: from CreateJob until every pod is recorded as RUNNING in",
      "etcd, as a watch of etcd sees it that is not the operator's. etcd (which syncs to disk),",
      "the local Mesos with simulated agents and the operator are processes of their own, on",
      "free ports, and are stopped in the end.",
      "",
      "Exits with 0 if every pod ran exactly once, whatever the speed; else says what did not,",
      "and keeps the logs."
    })
public final class LaunchCommand implements Callable<Integer> {
  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Pods of each run; default ${DEFAULT-VALUE}.")
  private int pods;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Jobs that the pods are spread over; default ${DEFAULT-VALUE}.")
  private int jobs;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Simulated agents; default ${DEFAULT-VALUE}.")
  private int hosts;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description = "Runs, with the jobs deleted in between; default ${DEFAULT-VALUE}.")
  private int repeat;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "10000",
      description = {
        "Pods that are launched and deleted before, so that the JVMs have compiled; shown as",
        "the cold run; default ${DEFAULT-VALUE}."
      })
  private int warmUp;

  @Option(
      names = "--resident",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "After the runs, launch so many pods, measure again beside them, delete them, and repeat",
        "the runs, to see whether a launch costs more where more runs; default ${DEFAULT-VALUE}."
      })
  private int resident;

  @Option(
      names = "--allocation-interval",
      paramLabel = "DURATION",
      defaultValue = "1s",
      converter = DurationConverter.class,
      description = "The local Mesos' time between offers; default ${DEFAULT-VALUE}, as Mesos.")
  private Duration allocationInterval;

  @Option(
      names = "--calibration",
      paramLabel = "DURATION",
      defaultValue = "3s",
      converter = DurationConverter.class,
      description = "How long each limit of etcd is measured before; default ${DEFAULT-VALUE}.")
  private Duration calibration;

  @Option(
      names = "--time-limit",
      paramLabel = "DURATION",
      defaultValue = "5m",
      converter = DurationConverter.class,
      description = "Give up when one step takes this long; default ${DEFAULT-VALUE}.")
  private Duration limit;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".peloton",
      description = {
        "Where a folder for data and logs is made, and deleted in the end; must be on a disk;",
        "default ${DEFAULT-VALUE}."
      })
  private Path parent;

  @Option(
      names = {"-j", "--json"},
      description = "The result as JSON on standard output; what is being done goes elsewhere.")
  private boolean json;

  private final Console console;

  /** Made for one run of the program. */
  public LaunchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    LaunchPlan plan = plan();
    Path directory = makeDirectory();
    DiskProbe.requireDisk(directory);
    LocalCluster cluster = new LocalCluster(settings(plan, directory));
    AtomicBoolean interrupted = new AtomicBoolean(true);
    Thread hook =
        new Thread(
            () -> {
              if (interrupted.get()) {
                cluster.close();
                delete(directory);
              }
            },
            "bench-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    say("Data and logs are in " + directory);
    LaunchBench bench = new LaunchBench(plan, cluster, this::say);
    try (cluster) {
      LaunchResult result = bench.run();
      cluster.close();
      interrupted.set(false);
      print(result);
      if (!result.succeeded()) {
        keepLogs(directory);
        say("Logs are kept in " + cluster.logs());
        return ExitCode.REFUSED;
      }
      delete(directory);
      return ExitCode.OK;
    } catch (BenchFailure | ClusterException | StatusRuntimeException e) {
      interrupted.set(false);
      cluster.close();
      keepLogs(directory);
      throw CommandException.refused(
          "the bench failed while "
              + bench.step()
              + ": "
              + explain(e)
              + "; logs are kept in "
              + cluster.logs(),
          e);
    }
  }

  private LaunchPlan plan() {
    try {
      return new LaunchPlan(
          pods, jobs, hosts, resident, repeat, warmUp, allocationInterval, calibration, limit);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
  }

  private static ClusterSettings settings(LaunchPlan plan, Path directory) {
    int room = plan.podsPerHost();
    return ClusterSettings.in(directory)
        .withJavaOptions(List.of("-Xms256m", "-Xmx2g"))
        .withOperatorFlags(List.of("--log-level", "warn"))
        .withMesosFlags(
            List.of(
                "--simulated",
                "--agents",
                Integer.toString(plan.hosts()),
                "--cpus",
                amount(room * LaunchPlan.POD_CPUS),
                "--mem",
                amount(room * LaunchPlan.POD_MEM_MB),
                "--disk",
                amount(room * LaunchPlan.POD_DISK_MB),
                "--allocation-interval",
                plan.allocationInterval().toMillis() + "ms"));
  }

  private static String amount(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private void print(LaunchResult result) {
    if (json) {
      console.out().println(Report.json(result));
    } else {
      Report.text(result).forEach(console.out()::println);
    }
    console.out().flush();
  }

  private void say(String line) {
    var to = json ? console.err() : console.out();
    to.println(line);
    to.flush();
  }

  private static String explain(RuntimeException e) {
    return e instanceof StatusRuntimeException failure
        ? "the operator answered " + Failures.describe(failure.getStatus())
        : e.getMessage();
  }

  private Path makeDirectory() {
    try {
      Files.createDirectories(parent);
      return Files.createTempDirectory(parent, "bench-").toAbsolutePath().normalize();
    } catch (IOException e) {
      throw CommandException.usage("--dir " + parent + " cannot be used: " + e);
    }
  }

  private static void keepLogs(Path directory) {
    delete(directory.resolve("etcd"));
    delete(directory.resolve("mesos"));
  }

  private static void delete(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}
