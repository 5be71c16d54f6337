package peloton.crds.job;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import peloton.crds.schema.Part;

/** What the scheduler may do with a job. */
@ValidationRule(
    value = "!has(self.revocable) || !self.revocable || has(self.preemptible) && self.preemptible",
    message = "a revocable job must be preemptible",
    fieldPath = ".preemptible")
@Part
public record Sla(
    @Min(0)
        @Max(2147483647)
        @JsonPropertyDescription("Higher goes first, in admission and in preemption.")
        Integer priority,
    @JsonPropertyDescription("May use what other pools lend, and lose it again.")
        Boolean preemptible,
    @JsonPropertyDescription(
            "May use what a host has promised to others, and lose it again; must be "
                + "preemptible then.")
        Boolean revocable,
    @Min(0)
        @Max(100000)
        @JsonPropertyDescription(
            "Maintenance waits rather than take away more; no limit if left out, or " + "0.")
        Integer maximumUnavailableInstances) {}
