package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.Part;

/** A header of a request. */
@Part
public record HttpHeader(
    @Required @Size(min = 1, max = 1024) @JsonPropertyDescription("The header's name.") String name,
    @Size(max = 8192) @JsonPropertyDescription("The header's value.") String value) {}
