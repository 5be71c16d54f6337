package peloton.controllers.spec;

import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.crds.pod.Port;
import peloton.crds.pod.PortType;

/** Ports. */
final class PortMapper {
  private final Problems problems;

  PortMapper(Problems problems) {
    this.problems = problems;
  }

  PortSpec map(String path, Port given) {
    PortSpec.Builder port =
        PortSpec.newBuilder()
            .setName(Given.text(given.name()))
            .setValue(Given.number(given.value()))
            .setEnvName(Given.text(given.envName()))
            .setTemplateName(Given.text(given.templateName()));
    problems
        .constant(PortType.class, path + ".type", given.type())
        .ifPresent(
            type ->
                port.setType(
                    switch (type) {
                      case Static -> PortSpec.PortType.PORT_TYPE_STATIC;
                      case DynamicEnvVar -> PortSpec.PortType.PORT_TYPE_DYNAMIC_ENV_VAR;
                      case DynamicTemplateVar -> PortSpec.PortType.PORT_TYPE_DYNAMIC_TEMPLATE_VAR;
                    }));
    return port.build();
  }
}
