package peloton.command.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a bench found, as figures with their peers and goals.
 *
 * @param plan what was measured, by the name of the option
 * @param stolen part of the processors' time that the hypervisor took away meanwhile
 * @param remarks what the reader of the figures should know
 * @param proved what is known to have held if there are no violations
 * @param violations what must not be and was
 */
record Findings(
    Map<String, Object> plan,
    Machine machine,
    double stolen,
    List<Metric> metrics,
    List<String> remarks,
    String proved,
    List<String> violations)
    implements Outcome {

  @Override
  public boolean succeeded() {
    return violations.isEmpty();
  }

  @Override
  public List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("Machine   " + machine + "; stolen CPU " + Metric.number(stolen * 100) + " %");
    if (machine.load() > Machine.QUIET) {
      lines.add("          BUSY: something else ran; the figures are lower than they could be");
    }
    remarks.forEach(remark -> lines.add("          " + remark));
    lines.add("");
    metrics.forEach(metric -> lines.add(metric.line(violations.size())));
    lines.add("");
    violations.forEach(violation -> lines.add("VIOLATION " + violation));
    lines.add(succeeded() ? proved : "The figures are void.");
    return lines;
  }

  @Override
  public String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("plan", plan);
    all.put("machine", machine);
    all.put("stolenCpu", stolen);
    all.put("metrics", metrics.stream().map(m -> m.fields(violations.size())).toList());
    all.put("remarks", remarks);
    all.put("violations", violations);
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
