package peloton.operator.process;

import java.util.List;
import peloton.store.election.Term;

/** Several things to do while this process leads: begun in order, ended in the opposite order. */
final class JointLeadership implements Leadership {
  private final List<Leadership> parts;

  JointLeadership(List<Leadership> parts) {
    this.parts = List.copyOf(parts);
  }

  @Override
  public void begin(Term term) {
    parts.forEach(part -> part.begin(term));
  }

  @Override
  public void end(String why) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      parts.get(i).end(why);
    }
  }
}
