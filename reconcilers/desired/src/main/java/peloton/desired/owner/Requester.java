package peloton.desired.owner;

import peloton.records.OwnerRecord;

/** In whose name desired state is written. */
public sealed interface Requester {

  /** A client of the API that leaves alone what belongs to a resource. */
  Requester CLIENT = new Client(false);

  /**
   * A client of the API.
   *
   * @param force whether it writes also what belongs to a resource, whose controller will put
   *     things right again
   */
  record Client(boolean force) implements Requester {}

  /**
   * The controller of a resource.
   *
   * @param owner the resource, with the tokens that are handled once the write is made
   */
  record Resource(OwnerRecord owner) implements Requester {}
}
