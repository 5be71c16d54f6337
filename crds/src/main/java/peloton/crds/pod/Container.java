package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.ListKeys;
import peloton.crds.schema.Part;

/**
 * A container of a pod. Image, entrypoint, environment and mounts say most; mesos says it in the
 * terms of Mesos instead.
 */
@ValidationRule(
    value =
        "!has(self.ports) || has(self.mesos) && has(self.mesos.executor) || self.ports.all(p, has(p.value) && p.value > 0 || has(p.envName))",
    message =
        "a port without a value needs an envName, so that the container learns which port it got",
    fieldPath = ".ports")
@Part
public record Container(
    @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Unique in the pod.") String name,
    @Size(max = 4096)
        @JsonPropertyDescription(
            "The image, such as registry.example.com/team/service:1.2. Without one "
                + "the entrypoint runs as a plain process.")
        String image,
    @JsonPropertyDescription("What to run; may be left out if the image says it.")
        Entrypoint entrypoint,
    @Size(max = 1000) @ListKeys("name") @JsonPropertyDescription("Environment variables.")
        List<EnvironmentVariable> environment,
    @Size(max = 100)
        @ListKeys("mountPath")
        @JsonPropertyDescription("Where the container sees the pod's volumes.")
        List<Mount> volumeMounts,
    @Size(max = 64) @ListKeys("name") @JsonPropertyDescription("Ports that the container needs.")
        List<Port> ports,
    @JsonPropertyDescription("The most that the container may use.") Resources resources,
    @JsonPropertyDescription(
            "A container that fails it is killed and run again. It also tells an "
                + "update whether the pod came up.")
        HealthCheck livenessCheck,
    @JsonPropertyDescription("Tells whether the container may be relied upon; ends nothing.")
        HealthCheck readinessCheck,
    @JsonPropertyDescription("The container in the terms of Mesos.") MesosForm mesos) {
  public Container {
    environment = Lists.given(environment);
    volumeMounts = Lists.given(volumeMounts);
    ports = Lists.given(ports);
  }
}
