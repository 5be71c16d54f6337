package peloton.controllers.spec;

import java.util.List;
import peloton.desired.Violation;

/**
 * A message, and what is wrong with the resource that it was made of.
 *
 * @param message complete only without violations
 * @param violations with the paths of the resource's fields
 */
public record Mapped<T>(T message, List<Violation> violations) {
  public Mapped {
    violations = List.copyOf(violations);
  }
}
