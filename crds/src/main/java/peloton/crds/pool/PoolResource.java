package peloton.crds.pool;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import peloton.crds.schema.OneOf;
import peloton.crds.schema.Part;

/** A pool's part of one kind of resource. */
@ValidationRule(
    value =
        "!has(self.reservation) || quantity(string(self.reservation)).compareTo(quantity(has(self.limit) ? string(self.limit) : '0')) <= 0",
    message = "limit must be at least the reservation",
    fieldPath = ".limit")
@Part
public record PoolResource(
    @Required
        @OneOf(ResourceKind.class)
        @JsonPropertyDescription(
            "cpu in cores, memory and disk in bytes with a unit such as 64Gi, gpu in " + "devices.")
        String kind,
    @JsonPropertyDescription(
            "What the pool can count on; 0 if left out. Those of siblings must fit "
                + "into their parent's.")
        Quantity reservation,
    @JsonPropertyDescription(
            "The most that the pool gets; 0 if left out. Not below the reservation, "
                + "not above the parent's limit.")
        Quantity limit,
    @Min(0)
        @Max(1000000)
        @JsonPropertyDescription("Its weight when pools divide what is left; 1 if left out.")
        Double share,
    @OneOf(Reservation.class)
        @JsonPropertyDescription(
            "What becomes of a reservation that the pool does not need: Elastic, also"
                + " if left out, lets others borrow it; Static keeps it.")
        String type) {}
