package peloton.crds.job;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import peloton.crds.schema.Part;

/** How the instances of a new job are started. */
@Part
public record CreatePolicy(
    @Min(0)
        @Max(100000)
        @JsonPropertyDescription("How many are started at a time; all if left out, or 0.")
        Integer batchSize,
    @Min(0)
        @Max(2147483647)
        @JsonPropertyDescription(
            "An instance that failed this often counts as failed; it is tried for "
                + "ever if left out, or 0.")
        Integer maxInstanceRetries,
    @Min(0)
        @Max(100000)
        @JsonPropertyDescription(
            "This many failed instances make the creation fail; no number does if "
                + "left out, or 0.")
        Integer maxTolerableInstanceFailures,
    @JsonPropertyDescription("Begin paused, and stay so until spec.paused is false.")
        Boolean startPaused) {}
