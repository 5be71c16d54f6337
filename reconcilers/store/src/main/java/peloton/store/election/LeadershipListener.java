package peloton.store.election;

/** Hears when this process begins and ceases to lead. Calls alternate and must not block. */
public interface LeadershipListener {

  /** This process leads. */
  void elected(Term term);

  /**
   * This process does not lead any more: nothing may be done in the name of the last term.
   *
   * @param why what happened, for people
   */
  void deposed(String why);
}
