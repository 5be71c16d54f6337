package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import peloton.crds.schema.Part;

/** A file that the agent fetches into the sandbox before the pod starts. */
@Part
public record FetchedUri(
    @Required @Size(min = 1, max = 8192) @JsonPropertyDescription("Where the file is.")
        String value,
    @JsonPropertyDescription("Make it executable.") Boolean executable,
    @JsonPropertyDescription("Unpack it if it is an archive.") Boolean extract,
    @JsonPropertyDescription("Fetch it once for each agent.") Boolean cache,
    @Size(max = 4096)
        @JsonPropertyDescription("Its name in the sandbox; that of the URI if left out.")
        String outputFile) {}
