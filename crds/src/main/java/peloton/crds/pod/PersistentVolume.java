package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import peloton.crds.schema.Part;

/** A volume that outlives the pod. */
@Part
public record PersistentVolume(
    @Required @Size(min = 1, max = 4096) @JsonPropertyDescription("Where the container sees it.")
        String containerPath,
    @Required @JsonPropertyDescription("Its size, such as 10Gi. Counted in whole Mi, rounded up.")
        Quantity size) {}
