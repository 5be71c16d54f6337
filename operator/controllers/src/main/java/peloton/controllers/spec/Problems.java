package peloton.controllers.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import peloton.desired.Violation;

/** Collects what is wrong with one resource while it is translated. */
final class Problems {
  private final List<Violation> violations = new ArrayList<>();

  void add(String path, String given, String allowed) {
    violations.add(Violation.invalid(path, given, allowed));
  }

  /**
   * The constant that a text names. A text that names none, which a definition of a newer release
   * may have let pass, is a problem.
   *
   * @param given null if it was left out
   */
  <E extends Enum<E>> Optional<E> constant(Class<E> type, String path, String given) {
    if (given == null) {
      return Optional.empty();
    }
    Optional<E> found =
        Stream.of(type.getEnumConstants()).filter(each -> each.name().equals(given)).findFirst();
    if (found.isEmpty()) {
      add(
          path,
          Violation.quote(given),
          "must be one of "
              + Stream.of(type.getEnumConstants())
                  .map(Enum::name)
                  .collect(Collectors.joining(", ")));
    }
    return found;
  }

  <T> Mapped<T> with(T message) {
    return new Mapped<>(message, violations);
  }
}
