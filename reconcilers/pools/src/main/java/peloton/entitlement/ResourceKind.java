package peloton.entitlement;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What pools divide. The ordinal is the index in arrays of amounts. */
public enum ResourceKind {
  CPU("cpu"),
  MEMORY("memory"),
  DISK("disk"),
  GPU("gpu"),
  /** CPU that Mesos may take back at any time. No pool reserves or limits it. */
  REVOCABLE_CPU("revocable cpu");

  /** How many kinds there are. */
  public static final int COUNT = values().length;

  /** The kinds that a pool's specification speaks of. */
  public static final List<ResourceKind> SPECIFIED = List.of(CPU, MEMORY, DISK, GPU);

  private final String label;

  ResourceKind(String label) {
    this.label = label;
  }

  /** The name in the API, such as {@code memory}; for people where the API has none. */
  public String label() {
    return label;
  }

  /** The kind that a pool's specification calls so. */
  public static Optional<ResourceKind> ofSpec(String name) {
    return SPECIFIED.stream().filter(kind -> kind.label.equals(name)).findFirst();
  }

  static {
    if (!Arrays.asList(values()).subList(0, SPECIFIED.size()).equals(SPECIFIED)) {
      throw new AssertionError("the specified kinds come first");
    }
  }
}
