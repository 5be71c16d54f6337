package peloton.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import peloton.crds.host.HostMaintenanceSpec;
import peloton.crds.host.HostMaintenanceStatus;

/** Hosts that are to be in maintenance for as long as the resource is there. Cluster-scoped. */
@JsonClassDescription(
    "Mesos hosts that are to be in maintenance as long as this resource is there: they are drained,"
        + " within what the jobs on them tolerate, and then taken down. Deleting the resource brings"
        + " them back up. Cluster-scoped, since hosts belong to no namespace.")
@Group(Names.GROUP)
@Version(Names.VERSION)
@Kind("HostMaintenance")
@Singular("hostmaintenance")
@Plural("hostmaintenances")
@ShortNames({"hostmaint", "hm"})
@Categories(Names.CATEGORY)
@AdditionalPrinterColumn(
    name = "Down",
    jsonPath = ".status.down",
    getDescription = "Hosts that are down, of those that are named")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".spec.reason")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
public final class HostMaintenance
    extends CustomResource<HostMaintenanceSpec, HostMaintenanceStatus> {
  private static final long serialVersionUID = 1L;

  @Override
  @Required
  @JsonPropertyDescription("Which hosts, and why.")
  public HostMaintenanceSpec getSpec() {
    return super.getSpec();
  }

  @Override
  @JsonPropertyDescription("How far the hosts are. Written by the operator only.")
  public HostMaintenanceStatus getStatus() {
    return super.getStatus();
  }
}
