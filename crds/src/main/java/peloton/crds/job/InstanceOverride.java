package peloton.crds.job;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import peloton.crds.pod.PodTemplate;
import peloton.crds.schema.Part;

/** What differs of one instance. */
@Part
public record InstanceOverride(
    @Required @Min(0) @Max(99999) @JsonPropertyDescription("The instance's number, from 0.")
        Integer instance,
    @Required
        @JsonPropertyDescription(
            "Each field that is set replaces the whole field of the job's template.")
        PodTemplate template) {}
