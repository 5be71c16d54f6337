package peloton.command.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.client.DurationConverter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code peloton bench read}. */
@Command(
    name = "read",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Measure how fast the operator answers reads, beside a gRPC server of the same kind that",
      "returns as many bytes and does nothing else. One large job and many small ones run",
      "meanwhile, on simulated agents.",
      "",
      "Exits with 0 if every answer was right, whatever the speed."
    })
public final class ReadCommand implements Callable<Integer> {
  private static final Duration ALLOCATION_INTERVAL = Duration.ofSeconds(1);

  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "50000",
      description = "Pods of the large job; default ${DEFAULT-VALUE}.")
  private int pods;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Small jobs of ten pods; default ${DEFAULT-VALUE}.")
  private int jobs;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Simulated agents; default ${DEFAULT-VALUE}.")
  private int hosts;

  @Option(
      names = "--callers",
      paramLabel = "N,...",
      split = ",",
      defaultValue = "2,16,64",
      description = "How many call at once, each in turn; default ${DEFAULT-VALUE}.")
  private List<Integer> callers;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Measure only what has this in its name, such as query-pods; default: all.")
  private String only;

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      defaultValue = "3s",
      converter = DurationConverter.class,
      description = {
        "How long each method is called before it is measured, so that the JVMs have compiled;",
        "default ${DEFAULT-VALUE}."
      })
  private Duration warmUp;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = {
        "Measurements of each kind, by turns with those of the echo server; default",
        "${DEFAULT-VALUE}."
      })
  private int rounds;

  @Option(
      names = "--time",
      paramLabel = "DURATION",
      defaultValue = "400ms",
      converter = DurationConverter.class,
      description = "Length of each measurement; default ${DEFAULT-VALUE}.")
  private Duration time;

  @Mixin private Harness harness;

  private final Console console;

  /** Made for one run of the program. */
  public ReadCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    ReadPlan plan = plan();
    return harness.run(
        console,
        directory ->
            Harness.cluster(directory, plan.hosts(), plan.podsPerHost(), ALLOCATION_INTERVAL),
        (cluster, progress) ->
            new ReadBench(
                plan,
                new Stage(
                    cluster,
                    new Stage.Settings(plan.limit(), ALLOCATION_INTERVAL, plan.podsPerHost()),
                    progress)));
  }

  private ReadPlan plan() {
    try {
      return new ReadPlan(pods, jobs, hosts, callers, only, warmUp, rounds, time, harness.limit());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
  }
}
