package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.Part;

/** Where a container sees a volume of its pod. */
@Part
public record Mount(
    @Required @Size(min = 1, max = 1024) @JsonPropertyDescription("The volume's name.") String name,
    @Required @Size(min = 1, max = 4096) @JsonPropertyDescription("The path inside the container.")
        String mountPath,
    @JsonPropertyDescription("Whether the container may not write there.") Boolean readOnly) {}
