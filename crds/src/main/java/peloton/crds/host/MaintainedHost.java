package peloton.crds.host;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.Part;

/** How far one host is. */
@Part
public record MaintainedHost(
    @Required @Size(min = 1, max = 253) @JsonPropertyDescription("The host's name.")
        String hostname,
    @Size(max = 64)
        @JsonPropertyDescription("Up, Draining, Drained or Down; Unknown if there is no such host.")
        String state,
    @Size(max = 1024) @JsonPropertyDescription("What it waits for, in words.") String message) {}
