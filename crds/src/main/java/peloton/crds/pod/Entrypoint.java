package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.ListAtomic;
import peloton.crds.schema.Part;

/** What a container runs. */
@Part
public record Entrypoint(
    @Size(max = 65536)
        @JsonPropertyDescription("The program, or a line for /bin/sh where mesos.shell is true.")
        String value,
    @Size(max = 1000)
        @ListAtomic
        @JsonPropertyDescription(
            "The program's arguments, its own name first. Not used by a shell.")
        List<@Size(max = 65536) String> arguments) {
  public Entrypoint {
    arguments = Lists.given(arguments);
  }
}
