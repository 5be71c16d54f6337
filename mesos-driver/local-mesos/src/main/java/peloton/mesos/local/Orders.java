package peloton.mesos.local;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import peloton.mesos.local.http.Control;

/** The orders of {@code /local/control}, each of which is a method of {@link LocalMesos}. */
final class Orders implements Control {

  private final Map<String, Function<Map<String, String>, Object>> orders = new LinkedHashMap<>();

  Orders(LocalMesos mesos) {
    orders.put("lose-agent", given -> mesos.removeAgent(agent(mesos, given)));
    orders.put("return-agent", given -> mesos.returnAgent(agent(mesos, given)));
    orders.put(
        "restart-agent", given -> mesos.restartAgent(agent(mesos, given), duration(given, "away")));
    orders.put("mark-agent-gone", given -> mesos.markAgentGone(agent(mesos, given)));
    orders.put("replace-agent", given -> mesos.replaceAgent(agent(mesos, given)));
    orders.put("fail-over", given -> done(mesos::failOverMaster));
    orders.put("add-master", given -> mesos.addMaster());
    orders.put("lead", given -> done(() -> mesos.lead(number(given, "port"))));
    orders.put("redirect-to", given -> done(() -> mesos.redirectTo(text(given, "master"))));
    orders.put("no-leader", given -> done(() -> mesos.unavailable(true)));
    orders.put("leader", given -> done(() -> mesos.unavailable(false)));
    orders.put("drop-connections", given -> done(mesos::dropConnections));
    orders.put("cut-in-record", given -> done(mesos::cutStreamsInRecord));
    orders.put(
        "lose-acknowledgements",
        given -> done(() -> mesos.loseAcknowledgements(number(given, "count"))));
    orders.put("agents", given -> mesos.agents());
    orders.put("tasks", given -> mesos.tasks());
  }

  @Override
  public String order(String what, Map<String, String> arguments) {
    var order = orders.get(what);
    if (order == null) {
      throw new IllegalArgumentException(
          "do: '" + what + "' is none of " + String.join(", ", orders.keySet()));
    }
    try {
      return order.apply(arguments).toString();
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String done(Runnable work) {
    work.run();
    return "done";
  }

  /** An agent by its id, or by its hostname, of which the newest agent is meant. */
  private static String agent(LocalMesos mesos, Map<String, String> given) {
    String wanted = text(given, "agent");
    return mesos.agents().stream()
        .filter(agent -> agent.id().equals(wanted) || agent.hostname().equals(wanted))
        .reduce((older, newer) -> newer)
        .orElseThrow(() -> new IllegalArgumentException("agent: there is no '" + wanted + "'"))
        .id();
  }

  private static String text(Map<String, String> given, String name) {
    if (!given.containsKey(name)) {
      throw new IllegalArgumentException(name + ": must be given");
    }
    return given.get(name);
  }

  private static int number(Map<String, String> given, String name) {
    try {
      return Integer.parseInt(text(given, name));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": '" + given.get(name) + "' is no number", e);
    }
  }

  private static Duration duration(Map<String, String> given, String name) {
    return Duration.ofMillis(number(given, name));
  }
}
