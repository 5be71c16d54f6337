package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import peloton.crds.Lists;
import peloton.crds.schema.ListAtomic;
import peloton.crds.schema.Part;

/** A request that names its port by number or by a port of the container. */
@Part
public record HttpGet(
    @Size(max = 16) @JsonPropertyDescription("http or https.") String scheme,
    @Min(0) @Max(65535) @JsonPropertyDescription("The port's number.") Integer port,
    @Size(max = 4096) @JsonPropertyDescription("The path to ask for.") String path,
    @Size(max = 100) @ListAtomic @JsonPropertyDescription("Headers to send.")
        List<HttpHeader> headers,
    @JsonPropertyDescription("A port of the container, in place of a number.") Port portSpec) {
  public HttpGet {
    headers = Lists.given(headers);
  }
}
