package peloton.crds.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.Format;
import peloton.crds.schema.OneOf;
import peloton.crds.schema.Part;

/** One observation of a resource, in the form that all of Kubernetes uses. */
@Part
public record Condition(
    @Required
        @OneOf(ConditionType.class)
        @JsonPropertyDescription(
            "Ready, Reconciling or Stalled. The last two are there only while they " + "hold.")
        String type,
    @Required @OneOf(ConditionStatus.class) @JsonPropertyDescription("True, False or Unknown.")
        String status,
    @Required
        @Size(min = 1, max = 64)
        @Pattern("^[A-Z][A-Za-z0-9]*$")
        @JsonPropertyDescription("Why, as one word of a closed list.")
        String reason,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Required
        @Size(max = 32768)
        @JsonPropertyDescription("Why, in words.")
        String message,
    @Required
        @Format("date-time")
        @Size(max = 64)
        @JsonPropertyDescription(
            "When the status last changed from one value to another. RFC 3339, UTC.")
        String lastTransitionTime,
    @Min(0) @JsonPropertyDescription("The generation of the resource that was looked at.")
        Long observedGeneration) {}
