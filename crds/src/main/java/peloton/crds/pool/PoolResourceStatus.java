package peloton.crds.pool;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import peloton.crds.schema.OneOf;
import peloton.crds.schema.Part;

/** A pool's part of one kind of resource, as it is. */
@Part
public record PoolResourceStatus(
    @Required @OneOf(ResourceKind.class) @JsonPropertyDescription("cpu, memory, disk or gpu.")
        String kind,
    @JsonPropertyDescription("What its pods use, without slack, from admission to their end.")
        Quantity allocation,
    @JsonPropertyDescription("What its revocable pods use.") Quantity slack,
    @JsonPropertyDescription(
            "What the pool may use at the moment; left out while the scheduler has "
                + "not said so.")
        Quantity entitlement,
    @JsonPropertyDescription("What the pool can count on.") Quantity reservation,
    @JsonPropertyDescription("The most that the pool gets.") Quantity limit,
    @Size(max = 253) @JsonPropertyDescription("Use and entitlement in a few words, such as 12/64.")
        String summary) {}
