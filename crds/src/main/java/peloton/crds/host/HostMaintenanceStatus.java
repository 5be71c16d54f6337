package peloton.crds.host;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.ListKeys;
import peloton.crds.schema.Part;
import peloton.crds.status.Condition;

/** How far hosts are on their way into maintenance. */
@Part
public record HostMaintenanceStatus(
    @Min(0) @JsonPropertyDescription("The generation of the resource that this status is about.")
        Long observedGeneration,
    @Size(max = 8)
        @ListKeys("type")
        @JsonPropertyDescription(
            "Ready, when all hosts are down; and Reconciling or Stalled while they " + "hold.")
        List<Condition> conditions,
    @Size(max = 1000)
        @ListKeys("hostname")
        @JsonPropertyDescription(
            "Each host. Those that are on their way back up are listed until they are" + " up.")
        List<MaintainedHost> hosts,
    @Size(max = 64)
        @JsonPropertyDescription("Hosts that are down, of those that are named, such as 1/2.")
        String down) {
  public HostMaintenanceStatus {
    conditions = Lists.given(conditions);
    hosts = Lists.given(hosts);
  }
}
