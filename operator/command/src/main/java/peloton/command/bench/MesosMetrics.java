package peloton.command.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** What the local Mesos itself counts. */
final class MesosMetrics {
  private static final String TASKS = "master/tasks_";

  private MesosMetrics() {}

  /** How many tasks were ever launched, whatever became of them. */
  static long launched(String address) {
    return launchedIn(EtcdMetrics.get("http://" + address + "/metrics/snapshot"));
  }

  /** The same of a page that was read: each task is counted in the one state that it is in. */
  static long launchedIn(String json) {
    try {
      Map<String, Double> metrics = new ObjectMapper().readValue(json, new TypeReference<>() {});
      return metrics.entrySet().stream()
          .filter(metric -> metric.getKey().startsWith(TASKS))
          .mapToLong(metric -> Math.round(metric.getValue()))
          .sum();
    } catch (JsonProcessingException e) {
      throw new BenchFailure("the metrics of the local Mesos cannot be read: " + e, e);
    }
  }
}
