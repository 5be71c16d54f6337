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
import peloton.crds.job.StatelessJobSpec;
import peloton.crds.job.StatelessJobStatus;

/** A job: any number of like pods that run until they are stopped. */
@JsonClassDescription(
    "A service on Mesos: any number of like pods that run until they are stopped. What a Deployment"
        + " is to Kubernetes.")
@Group(Names.GROUP)
@Version(Names.VERSION)
@Kind("StatelessJob")
@Singular("statelessjob")
@Plural("statelessjobs")
@ShortNames({"sjob", "sj"})
@Categories(Names.CATEGORY)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.ready",
    getDescription = "Pods that run and are healthy, of those that are wanted")
@AdditionalPrinterColumn(
    name = "Up-to-date",
    jsonPath = ".status.updatedReplicas",
    type = AdditionalPrinterColumn.Type.INTEGER,
    getDescription = "Pods on the current specification")
@AdditionalPrinterColumn(
    name = "State",
    jsonPath = ".status.state",
    getDescription = "What the job's pods do, taken together")
@AdditionalPrinterColumn(
    name = "Workflow",
    jsonPath = ".status.workflow.summary",
    getDescription = "The current workflow, or the last one, and how far it is")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Pool", jsonPath = ".spec.respool", priority = 1)
@AdditionalPrinterColumn(name = "Job", jsonPath = ".status.jobId", priority = 1)
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.entityVersion", priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
public final class StatelessJob extends CustomResource<StatelessJobSpec, StatelessJobStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  @Override
  @Required
  @JsonPropertyDescription("What the job should be.")
  public StatelessJobSpec getSpec() {
    return super.getSpec();
  }

  @Override
  @JsonPropertyDescription("What the job is. Written by the operator only.")
  public StatelessJobStatus getStatus() {
    return super.getStatus();
  }
}
