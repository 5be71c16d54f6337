package peloton.crds.job;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import java.util.Map;
import peloton.crds.Lists;
import peloton.crds.schema.ListKeys;
import peloton.crds.schema.Part;
import peloton.crds.status.Condition;

/** What a job is. */
@Part
public record StatelessJobStatus(
    @Min(0) @JsonPropertyDescription("The generation of the resource that this status is about.")
        Long observedGeneration,
    @Size(max = 8)
        @ListKeys("type")
        @JsonPropertyDescription("Ready; and Reconciling or Stalled while they hold.")
        List<Condition> conditions,
    @Size(max = 36) @JsonPropertyDescription("The job's id.") String jobId,
    @Size(max = 64) @JsonPropertyDescription("The id of the job's resource pool.") String respoolId,
    @Size(max = 64)
        @JsonPropertyDescription("The job's entity version, which the next writer must name.")
        String entityVersion,
    @Size(max = 64)
        @JsonPropertyDescription(
            "What the pods do, taken together: Initialized, Pending, Running, "
                + "Succeeded, Failed, Killed, Killing, Uninitialized or Deleted.")
        String state,
    @Size(max = 64)
        @JsonPropertyDescription("What the operator works towards: Running, Killed or Deleted.")
        String desiredState,
    @Min(0)
        @Max(100000)
        @StatusReplicas
        @JsonPropertyDescription("Pods that the job has, in whatever state.")
        Integer replicas,
    @Min(0) @Max(100000) @JsonPropertyDescription("Pods that run and are healthy.")
        Integer readyReplicas,
    @Min(0) @Max(100000) @JsonPropertyDescription("Pods on the current specification.")
        Integer updatedReplicas,
    @Min(0) @Max(100000) @JsonPropertyDescription("Pods that should run and are not ready.")
        Integer unavailableReplicas,
    @Size(max = 64) @JsonPropertyDescription("Ready pods of those that are wanted, such as 2/3.")
        String ready,
    @Size(max = 32)
        @JsonPropertyDescription("Number of pods by state; states without pods are left out.")
        Map<String, Integer> podStates,
    @Size(max = 1024)
        @LabelSelector
        @JsonPropertyDescription(
            "The label selector that stands for the job's pods, for autoscalers that "
                + "ask for one.")
        String selector,
    @JsonPropertyDescription("The current workflow, or the last one.") WorkflowProgress workflow,
    @Size(max = 253) @JsonPropertyDescription("The last restart token that was handled.")
        String handledRestartToken,
    @Size(max = 253) @JsonPropertyDescription("The last abort token that was handled.")
        String handledAbortToken) {
  public StatelessJobStatus {
    conditions = Lists.given(conditions);
    podStates = podStates == null ? Map.of() : Map.copyOf(podStates);
  }
}
