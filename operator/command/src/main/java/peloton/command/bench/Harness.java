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
import picocli.CommandLine.Option;

/**
 * What all benches have in common as commands: a folder and a cluster of their own, a report, and
 * nothing left behind but the logs of what went wrong.
 */
final class Harness {
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

  /** How long one step may take. */
  Duration limit() {
    return limit;
  }

  /** The cluster that benches run on: simulated agents with so much room, and large heaps. */
  static ClusterSettings cluster(
      Path directory, int hosts, int podsPerHost, Duration allocationInterval) {
    return ClusterSettings.in(directory)
        .withJavaOptions(List.of("-Xms256m", "-Xmx2g"))
        .withOperatorFlags(List.of("--log-level", "warn"))
        .withMesosFlags(
            List.of(
                "--simulated",
                "--agents",
                Integer.toString(hosts),
                "--cpus",
                amount(podsPerHost * LaunchPlan.POD_CPUS),
                "--mem",
                amount(podsPerHost * LaunchPlan.POD_MEM_MB),
                "--disk",
                amount(podsPerHost * LaunchPlan.POD_DISK_MB),
                "--allocation-interval",
                allocationInterval.toMillis() + "ms"));
  }

  /** Settings of the cluster in a folder. */
  interface Settings {
    ClusterSettings in(Path directory);
  }

  /** Runs a bench and says what came of it; returns the exit code. */
  int run(Console console, Settings settings, Bench.Maker maker) throws InterruptedException {
    Path directory = makeDirectory();
    DiskProbe.requireDisk(directory);
    LocalCluster cluster = new LocalCluster(settings.in(directory));
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
    say(console, "Data and logs are in " + directory);
    Bench bench = maker.make(cluster, line -> say(console, line));
    try (cluster) {
      Outcome outcome = bench.run();
      cluster.close();
      interrupted.set(false);
      print(console, outcome);
      if (!outcome.succeeded()) {
        keepLogs(directory);
        say(console, "Logs are kept in " + cluster.logs());
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

  private static String amount(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private void print(Console console, Outcome outcome) {
    if (json) {
      console.out().println(outcome.json());
    } else {
      outcome.text().forEach(console.out()::println);
    }
    console.out().flush();
  }

  private void say(Console console, String line) {
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
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}
