package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.Part;

/** A command that exits with 0 in a healthy container. */
@Part
public record CommandCheck(
    @Required @Size(min = 1, max = 65536) @JsonPropertyDescription("A line for the shell.")
        String command,
    @JsonPropertyDescription("Run it without the container's environment.")
        Boolean unshareEnvironments) {}
