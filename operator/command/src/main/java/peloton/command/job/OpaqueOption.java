package peloton.command.job;

import java.util.Optional;
import peloton.api.v1alpha.peloton.Peloton.OpaqueData;
import picocli.CommandLine.Option;

/** The text that goes with a workflow. */
final class OpaqueOption {
  @Option(
      names = "--opaque-data",
      paramLabel = "TEXT",
      description = "Text that is stored with the workflow; empty removes what was stored.")
  private String text;

  /** Empty if what is stored shall stay. */
  Optional<OpaqueData> data() {
    return Optional.ofNullable(text).map(data -> OpaqueData.newBuilder().setData(data).build());
  }
}
