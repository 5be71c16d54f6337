package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.OneOf;
import peloton.crds.schema.Part;

/** A port that a container needs. */
@Part
public record Port(
    @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Unique among its neighbours.")
        String name,
    @Min(0)
        @Max(65535)
        @JsonPropertyDescription("The port's number. 0, or left out: one that the host has free.")
        Integer value,
    @Size(max = 253)
        @JsonPropertyDescription(
            "The environment variable that tells the container its port. Required for"
                + " a port that the host chooses, except with a custom executor.")
        String envName,
    @Size(max = 253) @JsonPropertyDescription("The name that stands for the port in templates.")
        String templateName,
    @OneOf(PortType.class)
        @JsonPropertyDescription(
            "Where the number comes from: Static, DynamicEnvVar or " + "DynamicTemplateVar.")
        String type) {}
