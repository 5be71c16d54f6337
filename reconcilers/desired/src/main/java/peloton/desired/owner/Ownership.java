package peloton.desired.owner;

import static peloton.desired.ApiException.Code.FAILED_PRECONDITION;

import java.util.Optional;
import peloton.desired.ApiException;
import peloton.records.OwnerRecord;

/** The rule of who may write what belongs to a resource. Pure. */
public final class Ownership {
  /** The metadata with which a client says that it means it. */
  public static final String FORCE_HEADER = "peloton-force";

  private Ownership() {}

  /** Whether two records name the same resource, whatever tokens they carry. */
  public static boolean same(OwnerRecord one, OwnerRecord other) {
    return one.getCluster().equals(other.getCluster()) && one.getUid().equals(other.getUid());
  }

  /**
   * Whether a resource comes after another of its name, which is gone then: a name is given to one
   * resource at a time.
   */
  public static boolean succeeds(OwnerRecord later, OwnerRecord earlier) {
    return !same(later, earlier)
        && later.getCluster().equals(earlier.getCluster())
        && later.getKind().equals(earlier.getKind())
        && later.getNamespace().equals(earlier.getNamespace())
        && later.getName().equals(earlier.getName());
  }

  /** The resource in words, such as {@code StatelessJob shop/web (cluster kubernetes)}. */
  public static String describe(OwnerRecord owner) {
    String place = owner.getNamespace().isEmpty() ? "" : owner.getNamespace() + "/";
    return owner.getKind()
        + " "
        + place
        + owner.getName()
        + " (cluster "
        + owner.getCluster()
        + ")";
  }

  /**
   * Why a requester may not write something; empty if it may.
   *
   * @param what the thing in words, such as {@code job 5f1c...}
   * @param owner whom it belongs to
   */
  public static Optional<ApiException> refusal(
      Requester requester, String what, Optional<OwnerRecord> owner) {
    if (requester instanceof Requester.Resource resource) {
      if (owner.isEmpty()) {
        return Optional.of(new ApiException(FAILED_PRECONDITION, what + " belongs to no resource"));
      }
      return same(resource.owner(), owner.get())
          ? Optional.empty()
          : Optional.of(
              new ApiException(FAILED_PRECONDITION, what + " belongs to " + describe(owner.get())));
    }
    boolean forced = ((Requester.Client) requester).force();
    return forced || owner.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ApiException(
                FAILED_PRECONDITION,
                what
                    + " belongs to "
                    + describe(owner.get())
                    + ": change that resource; or force this write with the metadata "
                    + FORCE_HEADER
                    + ": true (--force-owner), until the resource's controller takes it back"));
  }
}
