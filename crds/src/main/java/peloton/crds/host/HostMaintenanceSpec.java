package peloton.crds.host;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.ListSet;
import peloton.crds.schema.Part;

/** Which hosts are to be in maintenance. */
@Part
public record HostMaintenanceSpec(
    @Required
        @Size(min = 1, max = 1000)
        @ListSet
        @JsonPropertyDescription(
            "The hosts' names, as their agents give them. A host that is added is "
                + "drained and taken down; one that is removed comes back up, unless "
                + "another resource names it too.")
        List<@Size(min = 1, max = 253) String> hosts,
    @Size(max = 1024) @JsonPropertyDescription("Why, for people.") String reason) {
  public HostMaintenanceSpec {
    hosts = Lists.given(hosts);
  }
}
