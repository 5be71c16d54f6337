package peloton.crds.pod;

/** Where a port's number comes from, and how the container learns it. */
public enum PortType {
  /** The number is given. */
  Static,
  /** Chosen at launch, told in an environment variable. */
  DynamicEnvVar,
  /** Chosen at launch, told by a template. */
  DynamicTemplateVar
}
