package peloton.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.mesos.v1.Protos.Attribute;

/**
 * The labels that an agent's attributes stand for: TEXT as it is, SCALAR with six decimals, each
 * item of a SET by itself. RANGES stand for none.
 */
public final class AgentLabels {
  private AgentLabels() {}

  public static List<Label> of(List<Attribute> attributes) {
    if (attributes.isEmpty()) {
      return List.of();
    }
    List<Label> labels = new ArrayList<>(attributes.size());
    for (Attribute attribute : attributes) {
      switch (attribute.getType()) {
        case TEXT -> labels.add(new Label(attribute.getName(), attribute.getText().getValue()));
        case SCALAR ->
            labels.add(
                new Label(
                    attribute.getName(),
                    String.format(Locale.ROOT, "%.6f", attribute.getScalar().getValue())));
        case SET ->
            attribute
                .getSet()
                .getItemList()
                .forEach(item -> labels.add(new Label(attribute.getName(), item)));
        case RANGES -> {}
      }
    }
    return labels;
  }
}
