package peloton.crds.job;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.Format;
import peloton.crds.schema.ListAtomic;
import peloton.crds.schema.Part;

/** How far a workflow is. */
@Part
public record WorkflowProgress(
    @Size(max = 253)
        @JsonPropertyDescription("All of it in a few words, such as Update RollingForward 4/10.")
        String summary,
    @Size(max = 64) @JsonPropertyDescription("Update, also of a creation, or Restart.") String type,
    @Size(max = 64)
        @JsonPropertyDescription(
            "Initialized, RollingForward, Paused, Succeeded, Aborted, Failed, "
                + "RollingBackward or RolledBack.")
        String state,
    @Min(0) @Max(100000) @JsonPropertyDescription("Instances that are done.") Integer completed,
    @Min(0) @Max(100000) @JsonPropertyDescription("Instances that are neither done nor failed.")
        Integer remaining,
    @Min(0) @Max(100000) @JsonPropertyDescription("Instances that did not come up.") Integer failed,
    @Size(max = 100)
        @ListAtomic
        @JsonPropertyDescription("Instances that are being changed now, the first hundred.")
        List<Integer> current,
    @Size(max = 64)
        @JsonPropertyDescription(
            "The job's entity version with the specification that the workflow leads " + "to.")
        String version,
    @Size(max = 64)
        @JsonPropertyDescription(
            "The job's entity version with the specification that the workflow leads "
                + "away from.")
        String previousVersion,
    @Format("date-time")
        @Size(max = 64)
        @JsonPropertyDescription("When it was asked for. RFC 3339, UTC.")
        String creationTime,
    @Format("date-time")
        @Size(max = 64)
        @JsonPropertyDescription("When it last changed. RFC 3339, UTC.")
        String updateTime,
    @Format("date-time")
        @Size(max = 64)
        @JsonPropertyDescription("When it was over. RFC 3339, UTC.")
        String completionTime) {
  public WorkflowProgress {
    current = Lists.given(current);
  }
}
