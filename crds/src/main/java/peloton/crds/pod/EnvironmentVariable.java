package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.Part;

/** An environment variable. */
@Part
public record EnvironmentVariable(
    @Required @Size(min = 1, max = 1024) @JsonPropertyDescription("The variable's name.")
        String name,
    @Size(max = 131072) @JsonPropertyDescription("The variable's value; empty if left out.")
        String value) {}
