package peloton.crds;

import java.util.List;
import java.util.Objects;

/** Lists as they come from JSON. */
public final class Lists {
  private Lists() {}

  /** The list without nulls; an empty one if it was left out. */
  public static <T> List<T> given(List<T> list) {
    return list == null ? List.of() : list.stream().filter(Objects::nonNull).toList();
  }
}
