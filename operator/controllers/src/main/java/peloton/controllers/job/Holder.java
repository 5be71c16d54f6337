package peloton.controllers.job;

import java.util.Optional;
import peloton.desired.owner.Ownership;
import peloton.records.OwnerRecord;

/** Whom a job or a pool belongs to, seen from a resource. */
public enum Holder {
  /** The resource itself. */
  SELF,
  /** No resource: clients of the API write it. */
  NOBODY,
  /** A resource of the same name in the same place, which is gone since this one is there. */
  PREDECESSOR,
  /** Another resource. */
  OTHER;

  /**
   * Whom something belongs to.
   *
   * @param self the resource that asks
   * @param owner whose it is by its record
   */
  public static Holder of(OwnerRecord self, Optional<OwnerRecord> owner) {
    if (owner.isEmpty()) {
      return NOBODY;
    }
    if (Ownership.same(self, owner.get())) {
      return SELF;
    }
    return Ownership.succeeds(self, owner.get()) ? PREDECESSOR : OTHER;
  }
}
