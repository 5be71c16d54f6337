package peloton.command.client;

import java.util.List;
import java.util.Map;
import peloton.api.v1alpha.peloton.Peloton.Label;

/** Labels of a command line. */
public final class Labels {
  private Labels() {}

  /** One label for each entry. */
  public static List<Label> of(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(entry -> Label.newBuilder().setKey(entry.getKey()).setValue(entry.getValue()).build())
        .toList();
  }
}
