package peloton.store;

import java.util.List;

/** Keys in ascending order, as of one revision. */
public record Range(List<KeyValue> entries, long revision) {
  public Range {
    entries = List.copyOf(entries);
  }
}
