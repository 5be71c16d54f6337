package peloton.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import peloton.crds.pool.ResourcePoolSpec;
import peloton.crds.pool.ResourcePoolStatus;

/** A resource pool: who may use how much of the cluster. */
@JsonClassDescription(
    "A share of the Mesos cluster. Pools form a tree below the root \"/\"; jobs run in its leaves.")
@Group(Names.GROUP)
@Version(Names.VERSION)
@Kind("ResourcePool")
@Singular("resourcepool")
@Plural("resourcepools")
@ShortNames({"respool", "rp"})
@Categories(Names.CATEGORY)
@AdditionalPrinterColumn(
    name = "Path",
    jsonPath = ".spec.path",
    getDescription = "The pool's place in the tree")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "CPU",
    jsonPath = ".status.resources[?(@.kind==\"cpu\")].summary",
    getDescription = "Cores in use, of those that the pool is entitled to")
@AdditionalPrinterColumn(
    name = "Memory",
    jsonPath = ".status.resources[?(@.kind==\"memory\")].summary",
    getDescription = "Memory in use, of what the pool is entitled to")
@AdditionalPrinterColumn(
    name = "Jobs",
    jsonPath = ".status.jobs",
    type = AdditionalPrinterColumn.Type.INTEGER,
    getDescription = "Jobs in the pool")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Pool", jsonPath = ".status.respoolId", priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
public final class ResourcePool extends CustomResource<ResourcePoolSpec, ResourcePoolStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  @Override
  @Required
  @JsonPropertyDescription("What the pool should be.")
  public ResourcePoolSpec getSpec() {
    return super.getSpec();
  }

  @Override
  @JsonPropertyDescription("What the pool is. Written by the operator only.")
  public ResourcePoolStatus getStatus() {
    return super.getStatus();
  }
}
