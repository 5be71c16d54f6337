package peloton.crds.pod;

/** The network of a Docker container. */
public enum NetworkType {
  /** The host's. */
  Host,
  /** Docker's bridge. */
  Bridge,
  /** None. */
  None,
  /** A network that the user made, by its name. */
  User
}
