package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.Part;

/** An option of docker run, without its dashes. */
@Part
public record DockerParameter(
    @Required @Size(min = 1, max = 253) @JsonPropertyDescription("The option's name.") String key,
    @Size(max = 8192) @JsonPropertyDescription("The option's value.") String value) {}
