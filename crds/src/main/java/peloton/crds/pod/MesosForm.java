package peloton.crds.pod;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.node.ObjectNode;
import peloton.crds.schema.Part;

/**
 * A container in the terms of Mesos, each as the JSON of a message of the Mesos v1 API. What is
 * said here wins over the container's other fields.
 */
@Part
public record MesosForm(
    @JsonPropertyDescription("A ContainerInfo.") ObjectNode container,
    @JsonPropertyDescription("A CommandInfo.") ObjectNode command,
    @JsonPropertyDescription("An ExecutorInfo of type CUSTOM, with data.") ObjectNode executor) {}
