package peloton.command.bench;

import java.time.Duration;
import java.util.concurrent.Callable;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.client.DurationConverter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private Harness harness;

  private final Console console;

  /** Made for one run of the program. */
  public LaunchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    LaunchPlan plan = plan();
    return harness.run(
        console,
        directory ->
            Harness.cluster(directory, plan.hosts(), plan.podsPerHost(), plan.allocationInterval()),
        (cluster, progress) -> new LaunchBench(plan, cluster, progress));
  }

  private LaunchPlan plan() {
    try {
      return new LaunchPlan(
          pods,
          jobs,
          hosts,
          resident,
          repeat,
          warmUp,
          allocationInterval,
          calibration,
          harness.limit());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
  }
}
