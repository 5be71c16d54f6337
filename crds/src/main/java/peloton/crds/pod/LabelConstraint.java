package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import peloton.crds.schema.OneOf;
import peloton.crds.schema.Part;

/** Compares how often a label occurs with a number. */
@ValidationRule(
    value = "self.condition != 'LessThan' || has(self.requirement) && self.requirement > 0",
    message = "no count is less than 0; use 1 for none",
    fieldPath = ".requirement")
@Part
public record LabelConstraint(
    @Required
        @OneOf(LabelKind.class)
        @JsonPropertyDescription(
            "Whose labels are counted: Pod, those of the pods on the host, or Host, "
                + "the host's attributes and its name as hostname.")
        String kind,
    @Required
        @OneOf(LabelCondition.class)
        @JsonPropertyDescription("LessThan, Equal or GreaterThan.")
        String condition,
    @Required @Size(min = 1, max = 1024) @JsonPropertyDescription("The label's key.") String key,
    @Size(max = 4096) @JsonPropertyDescription("The label's value.") String value,
    @Min(0)
        @Max(2147483647)
        @JsonPropertyDescription("What the count is compared with; 0 if left out.")
        Integer requirement) {}
