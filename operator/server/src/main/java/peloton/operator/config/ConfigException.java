package peloton.operator.config;

import java.util.List;

/** Settings that the operator cannot start with; one line for each, all of them. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** Each names the setting, where its value came from, the value and what is allowed. */
  public List<String> problems() {
    return problems;
  }
}
