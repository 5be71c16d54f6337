package peloton.operator.http;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * One thing that must be well.
 *
 * @param name a word, by which it can be excluded
 * @param problem what is wrong just now; empty if nothing is. Must not block
 */
public record Check(String name, Supplier<Optional<String>> problem) {}
