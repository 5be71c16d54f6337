package peloton.command.job;

import java.util.Optional;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.peloton.Peloton.OpaqueData;
import peloton.command.client.Numbers;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a job's instances are changed to another spec. */
final class UpdateOptions {
  @Mixin private WorkflowOptions workflow;

  @Option(
      names = {"--rollback-on-failure", "--rollbackOnFailure"},
      description = "Go back to the version before if the rollout fails.")
  private boolean rollbackOnFailure;

  @Option(names = "--in-place", description = "Try to keep each pod on its host.")
  private boolean inPlace;

  @Option(names = "--start-pods", description = "Start stopped pods too.")
  private boolean startPods;

  /** The spec; {@code batchSize}, an argument, goes before {@code --batch-size}. */
  UpdateSpec spec(Optional<Integer> batchSize) {
    return UpdateSpec.newBuilder()
        .setBatchSize(
            batchSize.map(n -> Numbers.notNegative("BATCH-SIZE", n)).orElseGet(workflow::batchSize))
        .setMaxInstanceRetries(workflow.maxInstanceRetries())
        .setMaxTolerableInstanceFailures(workflow.maxTolerableInstanceFailures())
        .setStartPaused(workflow.startPaused())
        .setRollbackOnFailure(rollbackOnFailure)
        .setInPlace(inPlace)
        .setStartPods(startPods)
        .build();
  }

  OpaqueData opaqueData() {
    return workflow.opaqueData();
  }
}
