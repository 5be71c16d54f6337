package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import peloton.crds.schema.Part;

/** What happens to a pod that had to make room. */
@ValidationRule(
    value = "!has(self.killOnPreempt) || !self.killOnPreempt",
    message = "must be false for a stateless job: its pods come back after a preemption",
    fieldPath = ".killOnPreempt")
@Part
public record PreemptionPolicy(
    @JsonPropertyDescription(
            "Do not run again after a preemption. Must be false: the pods of a "
                + "service come back.")
        Boolean killOnPreempt) {}
