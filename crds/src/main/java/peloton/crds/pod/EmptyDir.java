package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import peloton.crds.schema.Part;

/** An empty folder that goes when the pod goes. */
@Part
public record EmptyDir(
    @Size(max = 253)
        @JsonPropertyDescription("What it is stored on; the host's default if left out.")
        String medium,
    @JsonPropertyDescription("Its size, such as 1Gi. Counted in whole Mi, rounded up.")
        Quantity size) {}
