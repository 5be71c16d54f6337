package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import peloton.crds.schema.Part;

/** A volume that containers of the pod may mount by its name. */
@ValidationRule(
    value = "has(self.emptyDir) != has(self.hostPath)",
    message = "give exactly one of emptyDir and hostPath")
@Part
public record PodVolume(
    @Required @Size(min = 1, max = 1024) @JsonPropertyDescription("Unique in the pod.") String name,
    @JsonPropertyDescription("An empty folder that goes when the pod goes.") EmptyDir emptyDir,
    @JsonPropertyDescription("A folder of the host.") HostPath hostPath) {}
