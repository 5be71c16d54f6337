package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.ListAtomic;
import peloton.crds.schema.ListKeys;
import peloton.crds.schema.OneOf;
import peloton.crds.schema.Part;

/** Settings of a pod that make sense on Mesos only. */
@Part
public record MesosSettings(
    @OneOf(Containerizer.class)
        @JsonPropertyDescription(
            "Who isolates the containers: Docker or Mesos. If left out: Docker where "
                + "a container names an image, nobody otherwise.")
        String containerizer,
    @JsonPropertyDescription("Run entrypoints through /bin/sh -c, without their arguments.")
        Boolean shell,
    @JsonPropertyDescription("The network of a Docker container; the host's if left out.")
        Network network,
    @Size(max = 100) @ListAtomic @JsonPropertyDescription("Options of docker run, in order.")
        List<DockerParameter> dockerParameters,
    @Size(max = 100)
        @ListKeys("value")
        @JsonPropertyDescription("Files that the agent fetches into the sandbox.")
        List<FetchedUri> uris,
    @JsonPropertyDescription("What runs the containers on the agent.") Executor executor) {
  public MesosSettings {
    dockerParameters = Lists.given(dockerParameters);
    uris = Lists.given(uris);
  }
}
