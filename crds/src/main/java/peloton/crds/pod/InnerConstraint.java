package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.ListAtomic;
import peloton.crds.schema.Part;

/** A constraint inside of another. */
@ValidationRule(
    value = "[has(self.label), has(self.and), has(self.or)].filter(x, x).size() == 1",
    message = "give exactly one of label, and and or")
@Part
public record InnerConstraint(
    @JsonPropertyDescription("Holds by labels.") LabelConstraint label,
    @Size(min = 1, max = 32) @ListAtomic @JsonPropertyDescription("Holds if all of them hold.")
        List<LabelConstraint> and,
    @Size(min = 1, max = 32) @ListAtomic @JsonPropertyDescription("Holds if one of them holds.")
        List<LabelConstraint> or) {
  public InnerConstraint {
    and = Lists.given(and);
    or = Lists.given(or);
  }
}
