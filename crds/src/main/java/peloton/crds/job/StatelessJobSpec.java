package peloton.crds.job;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.pod.Label;
import peloton.crds.pod.PodTemplate;
import peloton.crds.schema.ListKeys;
import peloton.crds.schema.ListSet;
import peloton.crds.schema.OneOf;
import peloton.crds.schema.Part;
import peloton.crds.status.DeletionPolicy;

/**
 * What a job should be. Bounds and rules here are those that can be known when it is applied; the
 * operator checks the rest and says in the conditions what is wrong.
 */
@ValidationRule(
    value = "has(self.template.containers) || has(self.instances)",
    message = "give template.containers, or instances with containers of their own",
    fieldPath = ".template.containers")
@ValidationRule(
    value = "!has(self.adoptJobId) || has(oldSelf.adoptJobId)",
    message = "adoptJobId can be given only when the resource is created",
    fieldPath = ".adoptJobId")
@Part
public record StatelessJobSpec(
    @Size(min = 1, max = 1024)
        @JsonPropertyDescription(
            "The job's name, which need not be unique; that of the resource if left " + "out.")
        String name,
    @Size(max = 1024) @JsonPropertyDescription("Who answers for the job.") String owner,
    @Size(max = 1024) @JsonPropertyDescription("The team that answers for the job.")
        String owningTeam,
    @Size(max = 100) @ListSet @JsonPropertyDescription("Groups whose members may work on the job.")
        List<@Size(min = 1, max = 1024) String> ldapGroups,
    @Size(max = 65536) @JsonPropertyDescription("What the job is for.") String description,
    @Size(max = 100) @ListKeys({"key", "value"}) @JsonPropertyDescription("Labels of the job.")
        List<Label> labels,
    @Required
        @Pattern("^(/[^/]+)+$")
        @Size(min = 2, max = 4096)
        @ValidationRule(
            value = "self == oldSelf",
            message =
                "a job stays in its resource pool; to move it, delete the resource and create it anew")
        @JsonPropertyDescription(
            "The path of the resource pool that the job runs in, such as "
                + "/infrastructure/compute: a leaf of the tree of pools. Cannot be changed."
                + " A job whose pool is not there yet waits for it.")
        String respool,
    @Min(0)
        @Max(100000)
        @SpecReplicas
        @JsonPropertyDescription(
            "How many pods. If left out: as many as the job has already, and 1 for a " + "new one.")
        Integer replicas,
    @Required
        @JsonPropertyDescription("What each pod is, unless the instance has something of its own.")
        PodTemplate template,
    @Size(max = 1000)
        @ListKeys("instance")
        @JsonPropertyDescription("What differs of single instances.")
        List<InstanceOverride> instances,
    @JsonPropertyDescription("What the scheduler may do with the job.") Sla sla,
    @JsonPropertyDescription("How the pods of a new job are started.") CreatePolicy createPolicy,
    @JsonPropertyDescription(
            "How pods are changed to a new specification. Counts when the "
                + "specification changes.")
        UpdatePolicy updatePolicy,
    @JsonPropertyDescription(
            "True stops all pods, and keeps the job; false, or left out, runs them.")
        Boolean suspend,
    @JsonPropertyDescription(
            "True lets the workflow of the job begin no further instance; false lets it go on."
                + " If left out it goes on, unless it began paused by its policy.")
        Boolean paused,
    @JsonPropertyDescription("Asks for one restart of pods.") RestartRequest restart,
    @Size(min = 1, max = 253)
        @JsonPropertyDescription(
            "A token that the status does not show as handled ends the workflow that "
                + "is at work, and leaves the pods as they are.")
        String abortToken,
    @OneOf(DeletionPolicy.class)
        @JsonPropertyDescription(
            "What becomes of the job when this resource is deleted: Delete, also if "
                + "left out, stops its pods and forgets it; Orphan leaves it running, owned"
                + " by nobody.")
        String deletionPolicy,
    @Pattern("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
        @Size(max = 36)
        @ValidationRule(
            value = "self == oldSelf",
            message =
                "a resource stands for one job; to adopt another one, create another resource")
        @JsonPropertyDescription(
            "The id of a job that exists and that this resource takes over, a UUID. "
                + "Given when the resource is created; without it the job is a new one. May"
                + " be removed later.")
        String adoptJobId) {
  public StatelessJobSpec {
    ldapGroups = Lists.given(ldapGroups);
    labels = Lists.given(labels);
    instances = Lists.given(instances);
  }
}
