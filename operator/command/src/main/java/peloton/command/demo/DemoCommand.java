package peloton.command.demo;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
import peloton.command.spec.SpecException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code peloton demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "See the whole of it in a minute.",
      "A cluster comes up on 127.0.0.1, a job of three instances runs, is rolled over to a new "
          + "version while the operator is killed, and is stopped. Uses free ports only, and stops all "
          + "that it started.",
      "",
      "Exits with 0 if all went as it must; else says what did not, and where the logs are."
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".peloton/demo",
      description = "Holds data and logs; emptied first; default ${DEFAULT-VALUE}.")
  private Path directory;

  @Option(
      names = "--time-limit",
      paramLabel = "DURATION",
      defaultValue = "2m",
      converter = DurationConverter.class,
      description = "Give up after this long; default ${DEFAULT-VALUE}.")
  private Duration limit;

  private final Console console;

  /** Made for one run of the program. */
  public DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    // A short lease, so that the operator which comes back need not wait long for its
    // predecessor's.
    LocalCluster cluster =
        new LocalCluster(
            ClusterSettings.in(directory)
                .withMesosFlags(List.of("--agents", "3", "--allocation-interval", "200ms"))
                .withOperatorFlags(List.of("--etcd-lease-ttl", "2s")));
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch finished = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              interrupted.set(finished.getCount() > 0);
              cluster.close();
            },
            "demo-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    DemoStory story = new DemoStory(cluster, new Narrator(console), limit);
    try (cluster) {
      cluster.takeDirectory();
      empty(cluster.directory());
      story.tell();
      finished.countDown();
      return ExitCode.OK;
    } catch (DemoFailure
        | ClusterException
        | SpecException
        | CommandException
        | StatusRuntimeException e) {
      if (interrupted.get()) {
        hook.join();
        return ExitCode.REFUSED;
      }
      finished.countDown();
      console.err().println();
      console.err().println("The demo failed while " + story.step() + ":");
      console.err().println("  " + explain(e));
      console.err().println("Logs are in " + cluster.logs() + ", data in " + cluster.directory());
      console.err().flush();
      return ExitCode.REFUSED;
    }
  }

  private static String explain(RuntimeException e) {
    return e instanceof StatusRuntimeException failure
        ? "the operator answered " + Failures.describe(failure.getStatus())
        : e.getMessage();
  }

  /** Removes what an earlier demo left; only what demos make, in case the folder is another's. */
  private static void empty(Path directory) {
    for (String made : List.of("etcd", "mesos", "logs", "run")) {
      Path folder = directory.resolve(made);
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot empty " + folder, e);
      }
    }
  }
}
