package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.Part;

/** A folder of the host. */
@Part
public record HostPath(
    @Required @Size(min = 1, max = 4096) @JsonPropertyDescription("The folder's path on the host.")
        String path) {}
