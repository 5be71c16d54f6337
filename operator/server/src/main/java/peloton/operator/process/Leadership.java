package peloton.operator.process;

import peloton.store.election.Term;

/**
 * What this process does while it leads. Calls alternate, come one at a time from one thread, and
 * may take a moment: they wait for nothing but the ending of threads.
 */
public interface Leadership {

  /** This process leads from now on. */
  void begin(Term term);

  /** It leads no more: nothing may be done in the name of the last term. */
  void end(String why);
}
