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

/** {@code peloton bench watch}. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Measure how soon watchers of the operator hear of a change, beside watchers of etcd that",
      "are sent as many bytes. Changes come at fixed times, whether or not those before have been",
      "delivered, and a delay counts from the moment at which its change was due. Then how many",
      "deliveries a second there can be, what a watcher costs, and what watchers that do not read",
      "do to the others.",
      "",
      "Exits with 0 if every watcher heard of every change once and in order, and those that did",
      "not read were cut off and could go on where they had been, whatever the speed."
    })
public final class WatchCommand implements Callable<Integer> {
  private static final Duration ALLOCATION_INTERVAL = Duration.ofSeconds(1);

  @Option(
      names = "--watchers",
      paramLabel = "N,...",
      split = ",",
      defaultValue = "1,100,1000",
      description = "How many watch, each on its own connection; default ${DEFAULT-VALUE}.")
  private List<Integer> watchers;

  @Option(
      names = "--stalled",
      paramLabel = "N",
      defaultValue = "10",
      description = "Watchers that do not read, beside the most; default ${DEFAULT-VALUE}.")
  private int stalled;

  @Option(
      names = "--pods",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Pods of the job that is watched; default ${DEFAULT-VALUE}.")
  private int pods;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Measurements of each kind; default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--time",
      paramLabel = "DURATION",
      defaultValue = "5s",
      converter = DurationConverter.class,
      description = "Length of each measurement; default ${DEFAULT-VALUE}.")
  private Duration time;

  @Mixin private Harness harness;

  private final Console console;

  /** Made for one run of the program. */
  public WatchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    WatchPlan plan = plan();
    return harness.run(
        console,
        directory ->
            Harness.cluster(directory, WatchPlan.HOSTS, plan.podsPerHost(), ALLOCATION_INTERVAL)
                .withOperatorFlags(
                    List.of(
                        "--log-level",
                        "warn",
                        "--limits-watches",
                        Integer.toString(plan.most() + plan.stalled() + 10))),
        (cluster, progress) ->
            new WatchBench(
                plan,
                new Stage(
                    cluster,
                    new Stage.Settings(plan.limit(), ALLOCATION_INTERVAL, plan.podsPerHost()),
                    progress)));
  }

  private WatchPlan plan() {
    try {
      return new WatchPlan(watchers, stalled, pods, rounds, time, harness.limit());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
  }
}
