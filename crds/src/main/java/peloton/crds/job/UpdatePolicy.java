package peloton.crds.job;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import peloton.crds.schema.Part;

/** How instances are changed to a new specification. */
@Part
public record UpdatePolicy(
    @Min(0)
        @Max(100000)
        @JsonPropertyDescription("How many are changed at a time; all if left out, or 0.")
        Integer batchSize,
    @JsonPropertyDescription("If the update fails, go back to the specification before.")
        Boolean rollbackOnFailure,
    @Min(0)
        @Max(2147483647)
        @JsonPropertyDescription(
            "An instance that failed this often counts as failed; it is tried for "
                + "ever if left out, or 0.")
        Integer maxInstanceRetries,
    @Min(0)
        @Max(100000)
        @JsonPropertyDescription(
            "This many failed instances make the update fail; no number does if left "
                + "out, or 0.")
        Integer maxTolerableInstanceFailures,
    @JsonPropertyDescription("Begin each update paused, and stay so until spec.paused is false.")
        Boolean startPaused,
    @JsonPropertyDescription("Try to stay on the host.") Boolean inPlace,
    @JsonPropertyDescription("Also start the changed instances that are stopped.")
        Boolean startPods) {}
