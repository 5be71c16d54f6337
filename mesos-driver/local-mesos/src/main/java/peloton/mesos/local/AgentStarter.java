package peloton.mesos.local;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.Value;
import peloton.mesos.local.agent.Agent;
import peloton.mesos.local.agent.TaskRunner;
import peloton.mesos.local.loop.EventLoop;
import peloton.mesos.local.master.Master;
import peloton.mesos.local.resources.Resources;

/**
 * Starts agents, as whatever keeps them running on their machines does: an agent whose process was
 * ended by its master comes back under another id. Used on the event loop.
 */
final class AgentStarter {

  private final LocalMesosSettings settings;
  private final EventLoop loop;
  private final InstantSource clock;
  private final TaskRunner runner;
  private final Master master;
  private final int port;
  private final Map<String, AgentSettings> byHostname = new LinkedHashMap<>();
  private final Map<String, String> hostnames = new HashMap<>();
  private final SplittableRandom random = new SplittableRandom();

  AgentStarter(
      LocalMesosSettings settings,
      EventLoop loop,
      InstantSource clock,
      TaskRunner runner,
      Master master,
      int port) {
    this.settings = settings;
    this.loop = loop;
    this.clock = clock;
    this.runner = runner;
    this.master = master;
    this.port = port;
    settings.agents().forEach(agent -> byHostname.put(agent.hostname(), agent));
  }

  void startAll() {
    settings.agents().forEach(agent -> start(agent, agent.resources()));
  }

  /**
   * Starts the agent of a machine; its id is new.
   *
   * @param resources with reservations and volumes, which an agent keeps on its disk
   */
  void start(String hostname, Resources resources) {
    start(byHostname.get(hostname), resources);
  }

  /** Starts an agent in the place of one that is gone; returns the id of the new one. */
  String replace(String agentId) {
    var resources = master.resourcesOfGone(agentId);
    var hostname = hostnames.remove(agentId);
    if (hostname == null) {
      throw new IllegalArgumentException(agentId + " has been replaced already");
    }
    return start(byHostname.get(hostname), resources);
  }

  private String start(AgentSettings agent, Resources resources) {
    String id = master.newAgentId();
    hostnames.put(id, agent.hostname());
    var info =
        AgentInfo.newBuilder()
            .setId(AgentID.newBuilder().setValue(id))
            .setHostname(agent.hostname())
            .setPort(port)
            .addAllResources(resources.toProto(Optional.empty(), true));
    agent.attributes().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry ->
                info.addAttributes(
                    Attribute.newBuilder()
                        .setName(entry.getKey())
                        .setType(Value.Type.TEXT)
                        .setText(Value.Text.newBuilder().setValue(entry.getValue()))));
    master.register(
        info.build(),
        new Agent(
            id,
            agent.hostname(),
            loop,
            clock,
            random.split(),
            runner,
            settings.resendInterval(),
            master),
        resources);
    return id;
  }
}
