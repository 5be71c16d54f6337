package peloton.crds.status;

/** What becomes of what a resource stands for when the resource is deleted. */
public enum DeletionPolicy {
  /** It is deleted, too. */
  Delete,
  /** It stays as it is and belongs to nobody. */
  Orphan
}
