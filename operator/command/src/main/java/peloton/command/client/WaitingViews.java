package peloton.command.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import peloton.api.operator.v1.Refusal;
import peloton.api.operator.v1.WaitingPods;
import peloton.command.output.Table;

/** Why pods wait, for people. */
public final class WaitingViews {
  private WaitingViews() {}

  /** The reason of some pods, then a table of the tests that hosts failed. */
  public static List<String> lines(WaitingPods pods) {
    List<String> lines = new ArrayList<>();
    lines.add("Stage:    " + stage(pods.getStage()));
    lines.add("Reason:   " + pods.getReason() + ": " + pods.getMessage());
    if (!pods.getSince().isEmpty()) {
      lines.add("Since:    " + pods.getSince());
    }
    if (!pods.getRemedy().isEmpty()) {
      lines.add("Remedy:   " + pods.getRemedy());
    }
    if (pods.getRefusalsCount() > 0) {
      lines.add("");
      lines.addAll(tests(pods.getRefusalsList(), pods.getHosts()).lines());
    }
    return lines;
  }

  private static Table tests(List<Refusal> refusals, int hosts) {
    Table table = new Table(List.of("Hosts", "Failed test"));
    for (Refusal refusal : refusals) {
      table.row(
          List.of(
              Integer.toUnsignedString(refusal.getHosts())
                  + " of "
                  + Integer.toUnsignedString(hosts),
              refusal.getTest()));
    }
    return table;
  }

  private static String stage(WaitingPods.Stage stage) {
    return stage.name().replaceFirst("^STAGE_", "").toLowerCase(Locale.ROOT);
  }
}
