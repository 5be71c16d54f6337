package peloton.crds.pool;

/** What becomes of a reservation that its pool does not need. */
public enum Reservation {
  /** Others borrow it. */
  Elastic,
  /** It stays the pool's. */
  Static
}
