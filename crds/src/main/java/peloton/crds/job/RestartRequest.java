package peloton.crds.job;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.ListAtomic;
import peloton.crds.schema.Part;

/**
 * Asks for one restart of pods. A token that the status does not show as handled asks for it;
 * another token asks again.
 */
@Part
public record RestartRequest(
    @Required
        @Size(min = 1, max = 253)
        @JsonPropertyDescription("Any text that was not used before, such as the time.")
        String token,
    @Min(0)
        @Max(100000)
        @JsonPropertyDescription("How many are restarted at a time; all if left out, or 0.")
        Integer batchSize,
    @Size(max = 1000) @ListAtomic @JsonPropertyDescription("Which instances; all if left out.")
        List<InstanceRange> ranges,
    @JsonPropertyDescription("Try to stay on the host.") Boolean inPlace) {
  public RestartRequest {
    ranges = Lists.given(ranges);
  }
}
