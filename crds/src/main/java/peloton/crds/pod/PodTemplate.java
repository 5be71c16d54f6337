package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.ListKeys;
import peloton.crds.schema.Part;

/**
 * What is wanted of a pod. Of an instance of its own, each field that is set replaces the whole
 * field of the job's template.
 */
@Part
public record PodTemplate(
    @Size(max = 100)
        @ListKeys({"key", "value"})
        @JsonPropertyDescription("Labels of the pod, which constraints of other pods may count.")
        List<Label> labels,
    @Size(min = 1, max = 8)
        @ListKeys("name")
        @JsonPropertyDescription("The containers, which run side by side.")
        List<Container> containers,
    @Size(max = 8)
        @ListKeys("name")
        @JsonPropertyDescription("Run one after the other, each to its end, before the containers.")
        List<Container> initContainers,
    @JsonPropertyDescription("Which hosts the pod may run on; all of them if left out.")
        Constraint constraint,
    @Size(max = 100)
        @ListKeys("name")
        @JsonPropertyDescription("Volumes that containers mount by name.")
        List<PodVolume> volumes,
    @JsonPropertyDescription(
            "A volume that outlives the pod, which stays on its host; for pods of one container.")
        PersistentVolume volume,
    @Size(max = 64)
        @ListKeys("name")
        @JsonPropertyDescription("Ports of the host that belong to no single container.")
        List<Port> hostPorts,
    @Min(0)
        @Max(86400)
        @JsonPropertyDescription("Seconds from SIGTERM to SIGKILL; 30 if left out, or 0.")
        Integer killGracePeriodSeconds,
    @JsonPropertyDescription("What happens to a pod that failed.") RestartPolicy restartPolicy,
    @JsonPropertyDescription("What happens to a pod that had to make room.")
        PreemptionPolicy preemptionPolicy,
    @JsonPropertyDescription("Overruled by the job's sla.") Boolean revocable,
    @JsonPropertyDescription(
            "Whether this pod leads its job. Instance 0 only, so: of its own "
                + "template, or of a job of one replica.")
        Boolean controller,
    @JsonPropertyDescription("Settings that make sense on Mesos only.") MesosSettings mesos) {
  public PodTemplate {
    labels = Lists.given(labels);
    containers = Lists.given(containers);
    initContainers = Lists.given(initContainers);
    volumes = Lists.given(volumes);
    hostPorts = Lists.given(hostPorts);
  }
}
