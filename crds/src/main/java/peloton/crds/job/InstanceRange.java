package peloton.crds.job;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import peloton.crds.schema.Part;

/** Instances from the first up to but not including the last number. */
@ValidationRule(
    value = "self.to > self.from",
    message = "to must be above from: it is one above the last instance",
    fieldPath = ".to")
@Part
public record InstanceRange(
    @Required @Min(0) @Max(100000) @JsonPropertyDescription("The first instance.") Integer from,
    @Required @Min(0) @Max(100000) @JsonPropertyDescription("One above the last instance.")
        Integer to) {}
