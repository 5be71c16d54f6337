package peloton.command.job;

import peloton.api.v1alpha.peloton.Peloton.OpaqueData;
import peloton.command.client.Numbers;
import picocli.CommandLine.Option;

/** How a create or a replace is rolled out. */
final class WorkflowOptions {
  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      defaultValue = "0",
      description = "How many instances at a time; 0 (default): all at once.")
  private int batchSize;

  @Option(
      names = {"--max-instance-retries", "--maxInstanceRetries"},
      paramLabel = "N",
      defaultValue = "0",
      description = "How often an instance may fail before it counts as failed; default 0.")
  private int maxInstanceRetries;

  @Option(
      names = {"--max-tolerable-instance-failures", "--maxTolerableInstanceFailures"},
      paramLabel = "N",
      defaultValue = "0",
      description = "How many instances may fail before the rollout does; 0 (default): any number.")
  private int maxTolerableInstanceFailures;

  @Option(names = "--start-paused", description = "Do not start before a resume.")
  private boolean startPaused;

  @Option(
      names = "--opaque-data",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Text that is stored with the workflow and shown with it.")
  private String opaqueData;

  int batchSize() {
    return Numbers.notNegative("--batch-size", batchSize);
  }

  int maxInstanceRetries() {
    return Numbers.notNegative("--max-instance-retries", maxInstanceRetries);
  }

  int maxTolerableInstanceFailures() {
    return Numbers.notNegative("--max-tolerable-instance-failures", maxTolerableInstanceFailures);
  }

  boolean startPaused() {
    return startPaused;
  }

  OpaqueData opaqueData() {
    return OpaqueData.newBuilder().setData(opaqueData).build();
  }
}
