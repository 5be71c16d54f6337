package peloton.operator.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import peloton.api.ids.PodId;
import peloton.api.v1alpha.pod.svc.PodSvc.BrowsePodSandboxResponse;
import peloton.desired.ApiException;
import peloton.records.FrameworkRecord;
import peloton.records.PodRecord;
import peloton.store.view.Records;

/** Lists the files of a run, by asking the agent that it ran on. */
public final class SandboxBrowser {
  /** Where agents listen unless they are told otherwise. */
  static final int DEFAULT_AGENT_PORT = 5051;

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final AgentDirectory agents;
  private final AgentDirectory.AgentAddress master;
  private final String workDir;

  /**
   * @param master a Mesos master, which answers name to clients; one that does not lead sends them
   *     on to the one that does
   * @param workDir the agents' work directory, an absolute path
   */
  public SandboxBrowser(
      HttpClient http, AgentDirectory agents, AgentDirectory.AgentAddress master, String workDir) {
    this.http = http;
    this.agents = agents;
    this.master = master;
    this.workDir = workDir.replaceFirst("/+$", "");
  }

  /**
   * The files of a run. Fails with {@link ApiException}: ABORTED if the run has not been launched,
   * UNAVAILABLE if the agent does not answer, NOT_FOUND if it has removed the sandbox.
   */
  public CompletableFuture<BrowsePodSandboxResponse> browse(
      PodId pod, PodRecord run, Records records) {
    if (run.getAgentId().isEmpty()) {
      return CompletableFuture.failedFuture(
          new ApiException(
              ApiException.Code.ABORTED,
              "pod has not been run: "
                  + pod
                  + " is "
                  + run.getState()
                  + " and was not launched; wait until it is RUNNING"));
    }
    String framework =
        records
            .framework()
            .map(FrameworkRecord::getFrameworkId)
            .filter(id -> !id.isEmpty())
            .orElse("");
    if (framework.isEmpty()) {
      return CompletableFuture.failedFuture(
          new ApiException(
              ApiException.Code.UNAVAILABLE, "the framework has no id yet; try again"));
    }
    AgentDirectory.AgentAddress agent =
        agents
            .find(run.getAgentId())
            .orElse(new AgentDirectory.AgentAddress(run.getHost(), DEFAULT_AGENT_PORT));
    String sandbox =
        "%s/slaves/%s/frameworks/%s/executors/%s/runs/latest"
            .formatted(workDir, run.getAgentId(), framework, pod);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://"
                        + agent.host()
                        + ":"
                        + agent.port()
                        + "/files/browse?path="
                        + URLEncoder.encode(sandbox, StandardCharsets.UTF_8)))
            .timeout(TIMEOUT)
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .handle(
            (response, failure) -> {
              if (failure != null) {
                throw new CompletionException(away(agent, String.valueOf(failure.getMessage())));
              }
              return read(response, agent, sandbox);
            });
  }

  private BrowsePodSandboxResponse read(
      HttpResponse<String> response, AgentDirectory.AgentAddress agent, String sandbox) {
    if (response.statusCode() == 404) {
      throw new ApiException(
          ApiException.Code.NOT_FOUND,
          "agent "
              + agent.host()
              + ":"
              + agent.port()
              + " has no "
              + sandbox
              + "; agents remove old sandboxes, or mesos.agentWorkDir is not their --work_dir");
    }
    if (response.statusCode() != 200) {
      throw away(agent, "it answered " + response.statusCode());
    }
    BrowsePodSandboxResponse.Builder result =
        BrowsePodSandboxResponse.newBuilder()
            .setHostname(agent.host())
            .setPort(Integer.toString(agent.port()))
            .setMesosMasterHostname(master.host())
            .setMesosMasterPort(Integer.toString(master.port()));
    try {
      for (JsonNode file : JSON.readTree(response.body())) {
        result.addPaths(file.path("path").asText());
      }
    } catch (JsonProcessingException e) {
      throw away(agent, "its answer is not JSON");
    }
    return result.build();
  }

  private static ApiException away(AgentDirectory.AgentAddress agent, String why) {
    return new ApiException(
        ApiException.Code.UNAVAILABLE,
        "agent " + agent.host() + ":" + agent.port() + " does not list files: " + why);
  }
}
