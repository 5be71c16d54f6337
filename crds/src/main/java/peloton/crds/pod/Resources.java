package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.Quantity;
import peloton.crds.schema.Part;

/** The most that a container may use, and what is set aside for it. */
@Part
public record Resources(
    @JsonPropertyDescription("Cores, such as 500m or 2; at most 1024.") Quantity cpu,
    @JsonPropertyDescription(
            "Memory, such as 512Mi or 2Gi. Counted in whole and broken Mi; at most " + "16Ti.")
        Quantity memory,
    @JsonPropertyDescription("Disk, such as 1Gi. Counted in whole and broken Mi; at most 1Pi.")
        Quantity disk,
    @JsonPropertyDescription("GPU devices; at most 1024.") Quantity gpu,
    @Min(0) @Max(2147483647) @JsonPropertyDescription("Open files. Stored, not enforced.")
        Integer fileDescriptors) {}
