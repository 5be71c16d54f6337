package peloton.mesos.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.mesos.v1.Protos.DrainState;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master's operator API as it is on the wire. */
class OperatorApiTest {

  private static final Map<String, String> JSON =
      Map.of("Content-Type", "application/json", "Accept", "application/json");

  @TempDir Path workDir;
  private LocalMesos mesos;
  private RawHttp http;

  @BeforeEach
  void start() throws Exception {
    mesos = LocalMesos.start(LocalMesosSettings.simulated(workDir, 2));
    http = new RawHttp(mesos.port());
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    mesos.close();
  }

  @Test
  void answersInProtobuf() throws Exception {
    var response = protobuf(Call.newBuilder().setType(Call.Type.GET_AGENTS).build());
    assertThat(response.headers()).containsEntry("content-type", "application/x-protobuf");
    var agents = Response.parseFrom(response.body()).getGetAgents().getAgentsList();
    assertThat(agents)
        .extracting(agent -> agent.getAgentInfo().getHostname())
        .containsExactly("agent-0.local", "agent-1.local");
    assertThat(agents.get(0).getPid()).isEqualTo("slave(1)@127.0.0.1:" + mesos.port());
    assertThat(agents.get(0).getActive()).isTrue();
    assertThat(agents.get(0).getTotalResourcesCount()).isEqualTo(4);
  }

  @Test
  void answersInJson() throws Exception {
    var response = json("{\"type\":\"GET_VERSION\"}");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers()).containsEntry("content-type", "application/json");
    assertThat(response.text())
        .isEqualTo(
            "{\"type\":\"GET_VERSION\",\"get_version\":{\"version_info\":{\"version\":\"1.11.0\"}}}");
  }

  @Test
  void aGraceInJsonIsAnObjectOfSeconds() throws Exception {
    String id = mesos.agents().get(0).id();
    String drain =
        "{\"type\":\"DRAIN_AGENT\",\"drain_agent\":{\"agent_id\":{\"value\":\"%s\"},"
            + "\"max_grace_period\":%s}}";
    assertThat(json(String.format(drain, id, "\"3s\"")).status()).isEqualTo(400);
    assertThat(json(String.format(drain, id, "{\"seconds\":3}")).status()).isEqualTo(200);
    var agent =
        Response.parseFrom(protobuf(Call.newBuilder().setType(Call.Type.GET_AGENTS).build()).body())
            .getGetAgents()
            .getAgents(0);
    assertThat(agent.getDrainInfo().getState()).isEqualTo(DrainState.DRAINED);
    assertThat(agent.getDrainInfo().getConfig().getMaxGracePeriod().getNanoseconds())
        .isEqualTo(3_000_000_000L);
    assertThat(agent.getDeactivated()).isTrue();
  }

  @Test
  void refusesWhatIsNoCall() throws Exception {
    assertThat(http.call("GET", "/api/v1", JSON, new byte[0]).status()).isEqualTo(405);
    assertThat(http.call("POST", "/api/v1", Map.of(), new byte[0]).status()).isEqualTo(400);
    assertThat(
            http.call("POST", "/api/v1", Map.of("Content-Type", "text/plain"), new byte[0])
                .status())
        .isEqualTo(415);
    assertThat(json("[]").status()).isEqualTo(400);
    assertThat(json("{").status()).isEqualTo(400);
    assertThat(json("{\"type\":\"NO_SUCH_CALL\"}").text())
        .isEqualTo("Failed to validate master::Call: Expecting 'type' to be present");
    assertThat(json("{\"type\":\"GET_QUOTA\"}").status()).isEqualTo(501);
    assertThat(json("{\"type\":\"DRAIN_AGENT\",\"drain_agent\":{}}").status()).isEqualTo(400);
  }

  @Test
  void redirectsToTheMasterThatLeads() throws Exception {
    mesos.redirectTo("10.0.0.1:5050");
    var response = json("{\"type\":\"GET_AGENTS\"}");
    assertThat(response.status()).isEqualTo(307);
    assertThat(response.headers()).containsEntry("location", "//10.0.0.1:5050/api/v1");
    mesos.unavailable(true);
    assertThat(json("{\"type\":\"GET_AGENTS\"}").status()).isEqualTo(503);
  }

  @Test
  void aMachineThatWasDownComesUpWithANewAgent() throws Exception {
    String old = mesos.agents().get(0).id();
    String machine = "{\"hostname\":\"agent-0.local\",\"ip\":\"127.0.0.1\"}";
    json(
        "{\"type\":\"UPDATE_MAINTENANCE_SCHEDULE\",\"update_maintenance_schedule\":{\"schedule\":"
            + "{\"windows\":[{\"machine_ids\":["
            + machine
            + "],\"unavailability\":{\"start\":{\"nanoseconds\":1}}}]}}}");
    var down =
        json(
            "{\"type\":\"START_MAINTENANCE\",\"start_maintenance\":{\"machines\":["
                + machine
                + "]}}");
    assertThat(down.status()).as(down.text()).isEqualTo(200);
    assertThat(mesos.agents()).extracting("hostname").containsExactly("agent-1.local");
    json("{\"type\":\"STOP_MAINTENANCE\",\"stop_maintenance\":{\"machines\":[" + machine + "]}}");
    assertThat(mesos.agents())
        .extracting("hostname")
        .containsExactly("agent-1.local", "agent-0.local");
    assertThat(mesos.agents()).extracting("id").doesNotContain(old);
  }

  @Test
  void theStateNamesFrameworksTasksAndRoles() throws Exception {
    try (var scheduler =
        TestScheduler.subscribed(mesos.port(), TestScheduler.framework().build())) {
      var offer = scheduler.expectOffers().get(0);
      scheduler.launch(offer, TestScheduler.task(offer, "t", "true").build());
      scheduler.expectState("t", org.apache.mesos.v1.Protos.TaskState.TASK_STARTING);
      scheduler.expectState("t", org.apache.mesos.v1.Protos.TaskState.TASK_RUNNING);
      var state =
          Response.parseFrom(
                  protobuf(Call.newBuilder().setType(Call.Type.GET_STATE).build()).body())
              .getGetState();
      assertThat(state.getGetFrameworks().getFrameworks(0).getFrameworkInfo().getId())
          .isEqualTo(scheduler.id());
      assertThat(state.getGetTasks().getTasks(0).getTaskId().getValue()).isEqualTo("t");
      assertThat(state.getGetTasks().getTasks(0).getState())
          .isEqualTo(org.apache.mesos.v1.Protos.TaskState.TASK_RUNNING);
      var roles = json("{\"type\":\"GET_ROLES\"}").text();
      assertThat(roles).contains("\"name\":\"*\"");
      var torn =
          json(
              "{\"type\":\"TEARDOWN\",\"teardown\":{\"framework_id\":{\"value\":\""
                  + scheduler.frameworkId()
                  + "\"}}}");
      assertThat(torn.status()).isEqualTo(200);
      assertThat(mesos.frameworks()).isEmpty();
    }
  }

  private RawHttp.Response json(String body) throws Exception {
    return http.call("POST", "/api/v1", JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  private RawHttp.Response protobuf(Call call) throws Exception {
    return http.call("POST", "/api/v1", TestScheduler.PROTOBUF, call.toByteArray());
  }
}
