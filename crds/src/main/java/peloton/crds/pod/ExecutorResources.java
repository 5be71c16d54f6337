package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import peloton.crds.schema.Part;

/** What an executor itself needs. */
@Part
public record ExecutorResources(
    @JsonPropertyDescription("Cores, such as 100m.") Quantity cpu,
    @JsonPropertyDescription("Memory, such as 64Mi.") Quantity memory) {}
