package peloton.command.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.client.DurationConverter;
import peloton.command.cluster.ClusterSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code peloton bench update}. */
@Command(
    name = "update",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Measure how fast ReplaceJob brings a job to another version, in batches, beside how fast",
      "the same job is launched; then how soon a pause and an abort hold an update back, and how",
      "long many small jobs take that are updated at once. Times end when the last pod is",
      "recorded as RUNNING in etcd, as a watch of etcd sees it that is not the operator's.",
      "",
      "Exits with 0 if no more pods than the batch were down at any time and each was replaced",
      "once, whatever the speed."
    })
public final class UpdateCommand implements Callable<Integer> {
  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Pods of the large job; default ${DEFAULT-VALUE}.")
  private int pods;

  @Option(
      names = "--batches",
      paramLabel = "N,...",
      split = ",",
      defaultValue = "1000,100",
      description = "Batch sizes of its updates, in turn; default ${DEFAULT-VALUE}.")
  private List<Integer> batches;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "100",
      description = {
        "Small jobs of 90 pods that are updated at once in batches of 10; default",
        "${DEFAULT-VALUE}."
      })
  private int jobs;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Simulated agents; default ${DEFAULT-VALUE}.")
  private int hosts;

  @Option(
      names = "--delay",
      paramLabel = "DURATION",
      defaultValue = "0s",
      converter = DurationConverter.class,
      description = {
        "How long a simulated task takes to start, and again to end; default ${DEFAULT-VALUE}."
      })
  private Duration delay;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs; default ${DEFAULT-VALUE}.")
  private int repeat;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "10000",
      description = {
        "Pods that are launched, updated and deleted before, so that the JVMs have compiled;",
        "default ${DEFAULT-VALUE}."
      })
  private int warmUp;

  @Option(
      names = "--allocation-interval",
      paramLabel = "DURATION",
      defaultValue = "1s",
      converter = DurationConverter.class,
      description = "The local Mesos' time between offers; default ${DEFAULT-VALUE}, as Mesos.")
  private Duration allocationInterval;

  @Mixin private Harness harness;

  private final Console console;

  /** Made for one run of the program. */
  public UpdateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    UpdatePlan plan = plan();
    return harness.run(
        console,
        directory -> {
          ClusterSettings settings =
              Harness.cluster(
                  directory, plan.hosts(), plan.podsPerHost(), plan.allocationInterval());
          List<String> mesos = new ArrayList<>(settings.mesosFlags());
          String time = plan.delay().toMillis() + "ms";
          mesos.addAll(List.of("--start-delay", time, "--stop-delay", time));
          return settings.withMesosFlags(mesos);
        },
        (cluster, progress) ->
            new UpdateBench(
                plan,
                new Stage(
                    cluster,
                    new Stage.Settings(plan.limit(), plan.allocationInterval(), plan.podsPerHost()),
                    progress)));
  }

  private UpdatePlan plan() {
    try {
      return new UpdatePlan(
          pods, batches, jobs, hosts, delay, repeat, warmUp, allocationInterval, harness.limit());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
  }
}
