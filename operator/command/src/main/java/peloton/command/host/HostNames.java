package peloton.command.host;

import java.util.List;
import picocli.CommandLine.Parameters;

/** The hosts that a command line names. */
final class HostNames {
  @Parameters(
      arity = "1..*",
      split = ",",
      paramLabel = "HOST",
      description = "The name of a host, as `peloton host list` shows it.")
  private List<String> names;

  List<String> names() {
    return names;
  }

  String shown() {
    return String.join(", ", names);
  }
}
