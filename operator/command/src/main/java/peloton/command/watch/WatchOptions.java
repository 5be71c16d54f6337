package peloton.command.watch;

import java.util.List;
import java.util.Map;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.command.CommandException;
import peloton.command.client.Labels;
import picocli.CommandLine.Option;

/** What both watches share. */
final class WatchOptions {
  @Option(
      names = "--from",
      paramLabel = "REVISION",
      defaultValue = "0",
      description = "Begin with the changes of this revision; default: with the next change.")
  private long from;

  @Option(
      names = {"-l", "--labels"},
      paramLabel = "KEY=VALUE",
      split = ",",
      description = "Only what has all of these labels.")
  private Map<String, String> labels = Map.of();

  long from() {
    if (from < 0) {
      throw CommandException.usage("--from must be a revision, 0 or more, found " + from);
    }
    return from;
  }

  List<Label> labels() {
    return Labels.of(labels);
  }
}
