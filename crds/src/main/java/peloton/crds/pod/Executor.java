package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import peloton.crds.schema.Format;
import peloton.crds.schema.OneOf;
import peloton.crds.schema.Part;

/** What runs the pod's containers on the agent. */
@ValidationRule(
    value = "self.type != 'Custom' || has(self.data)",
    message = "a custom executor needs its data",
    fieldPath = ".data")
@Part
public record Executor(
    @Required
        @OneOf(ExecutorType.class)
        @JsonPropertyDescription("Default, the one of Mesos, or Custom, the user's own.")
        String type,
    @Size(max = 255) @JsonPropertyDescription("The executor's id.") String executorId,
    @Format("byte")
        @Size(max = 524288)
        @JsonPropertyDescription("Handed to a custom executor as it is. Base64.")
        String data,
    @JsonPropertyDescription("What the executor itself needs.") ExecutorResources resources) {}
