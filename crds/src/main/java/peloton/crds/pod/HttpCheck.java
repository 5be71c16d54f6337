package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.Part;

/** A request that a healthy container answers with a status from 200 to 399. */
@Part
public record HttpCheck(
    @Pattern("^(http|https)$")
        @Size(max = 5)
        @JsonPropertyDescription("http or https; http if left out.")
        String scheme,
    @Required @Min(1) @Max(65535) @JsonPropertyDescription("The port to ask.") Integer port,
    @Pattern("^/.*$")
        @Size(max = 4096)
        @JsonPropertyDescription("The path to ask for; / if left out.")
        String path) {}
