package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.OneOf;
import peloton.crds.schema.Part;

/** The network of a Docker container. */
@Part
public record Network(
    @Required @OneOf(NetworkType.class) @JsonPropertyDescription("Host, Bridge, None or User.")
        String type,
    @Size(max = 253) @JsonPropertyDescription("The name of a User network.") String name) {}
