package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import peloton.crds.schema.Part;

/** What happens to a pod that failed. */
@Part
public record RestartPolicy(
    @Min(0)
        @Max(2147483647)
        @JsonPropertyDescription("Stored; the pods of a service run again for ever.")
        Integer maxFailures) {}
