package peloton.crds.pool;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.ListKeys;
import peloton.crds.schema.Part;
import peloton.crds.status.Condition;

/** What a pool is. */
@Part
public record ResourcePoolStatus(
    @Min(0) @JsonPropertyDescription("The generation of the resource that this status is about.")
        Long observedGeneration,
    @Size(max = 8)
        @ListKeys("type")
        @JsonPropertyDescription("Ready; and Reconciling or Stalled while they hold.")
        List<Condition> conditions,
    @Size(max = 64) @JsonPropertyDescription("The pool's id.") String respoolId,
    @Size(max = 64) @JsonPropertyDescription("The id of its parent.") String parentId,
    @Size(max = 32) @JsonPropertyDescription("Grows with every change of the pool.") String version,
    @Min(0) @Max(2147483647) @JsonPropertyDescription("Direct children.") Integer children,
    @Min(0) @Max(2147483647) @JsonPropertyDescription("Jobs in the pool.") Integer jobs,
    @Size(max = 8)
        @ListKeys("kind")
        @JsonPropertyDescription("Use and entitlement, by kind of resource.")
        List<PoolResourceStatus> resources) {
  public ResourcePoolStatus {
    conditions = Lists.given(conditions);
    resources = Lists.given(resources);
  }
}
