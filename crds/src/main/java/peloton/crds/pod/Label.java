package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.Part;

/** A key and a value. The same key may occur with several values. */
@Part
public record Label(
    @Required @Size(min = 1, max = 1024) @JsonPropertyDescription("The key.") String key,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Required
        @Size(max = 4096)
        @JsonPropertyDescription("The value; may be empty.")
        String value) {}
