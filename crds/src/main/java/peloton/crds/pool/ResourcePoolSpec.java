package peloton.crds.pool;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.ListKeys;
import peloton.crds.schema.ListSet;
import peloton.crds.schema.OneOf;
import peloton.crds.schema.Part;
import peloton.crds.status.DeletionPolicy;

/** What a pool should be. */
@Part
public record ResourcePoolSpec(
    @Required
        @Pattern("^(/[^/]+)+$")
        @Size(min = 2, max = 4096)
        @ValidationRule(
            value = "self == oldSelf",
            message = "a pool stays where it is in the tree; create another one, and move its jobs")
        @JsonPropertyDescription(
            "The pool's place in the tree: the names of its ancestors and its own, "
                + "each after a slash. Cannot be changed. A pool whose parent is not there "
                + "yet waits for it.")
        String path,
    @Size(max = 1024) @JsonPropertyDescription("The team that answers for the pool.")
        String owningTeam,
    @Size(max = 100) @ListSet @JsonPropertyDescription("Groups whose members may change the pool.")
        List<@Size(min = 1, max = 1024) String> ldapGroups,
    @Size(max = 8192) @JsonPropertyDescription("What the pool is for.") String description,
    @Size(max = 4)
        @ListKeys("kind")
        @JsonPropertyDescription(
            "The pool's part of each kind of resource. A kind that is left out has "
                + "reservation and limit 0.")
        List<PoolResource> resources,
    @OneOf(SchedulingPolicy.class)
        @JsonPropertyDescription(
            "The order in which pods leave the pool's queue; PriorityFifo, also if "
                + "left out: higher priority first, then first come, first served.")
        String policy,
    @Min(0)
        @Max(100)
        @JsonPropertyDescription(
            "The most that the controller pods of the pool may use together, in "
                + "percent of its reservation; no such cap if left out.")
        Double controllerLimitPercent,
    @Min(0)
        @Max(100)
        @JsonPropertyDescription(
            "The most that the revocable pods of the pool may use together of memory,"
                + " disk and gpu, in percent of its reservation; no such cap if left out.")
        Double slackLimitPercent,
    @OneOf(DeletionPolicy.class)
        @JsonPropertyDescription(
            "What becomes of the pool when this resource is deleted: Delete, also if "
                + "left out, deletes it once it has no jobs and no child pools; Orphan "
                + "leaves it, owned by nobody.")
        String deletionPolicy,
    @JsonPropertyDescription(
            "True takes over a pool that exists at the path already. Otherwise such a"
                + " pool is left alone and the resource says so.")
        Boolean adopt) {
  public ResourcePoolSpec {
    ldapGroups = Lists.given(ldapGroups);
    resources = Lists.given(resources);
  }
}
