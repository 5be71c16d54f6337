package peloton.mesos.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import peloton.mesos.local.http.Access;
import peloton.mesos.local.master.MasterSettings;
import peloton.mesos.local.process.Images;

/**
 * How a local Mesos is to be.
 *
 * @param port on 127.0.0.1; 0 for any free one
 * @param workDir where sandboxes go; made when absent. One local Mesos at a time may use it
 * @param agents at least one
 * @param tasks real processes or simulated ones
 * @param master the master's timers
 * @param resendInterval until an update without acknowledgement is sent again the first time
 * @param streamCapacity the most events that may wait for one slow scheduler before it is cut off
 * @param access who may speak to it
 */
public record LocalMesosSettings(
    int port,
    Path workDir,
    List<AgentSettings> agents,
    Tasks tasks,
    MasterSettings master,
    Duration resendInterval,
    int streamCapacity,
    Access access) {

  /** What tasks are. */
  public sealed interface Tasks {

    /**
     * Each task is a process group with a sandbox.
     *
     * @param images what becomes of tasks that want one
     */
    record Real(Images images) implements Tasks {

      /** Tasks with an image are refused. */
      public Real() {
        this(Images.REFUSED);
      }
    }

    /**
     * Tasks are entries in a table.
     *
     * @param startDelay from launch to TASK_RUNNING
     * @param stopDelay from KILL to TASK_KILLED, unless the grace is shorter
     */
    record Simulated(Duration startDelay, Duration stopDelay) implements Tasks {}
  }

  public LocalMesosSettings {
    agents = List.copyOf(agents);
    if (agents.isEmpty()) {
      throw new IllegalArgumentException("agents: a cluster needs at least one");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " is not within 0-65535");
    }
    if (streamCapacity < 1) {
      throw new IllegalArgumentException("streamCapacity: " + streamCapacity + " is not 1 or more");
    }
  }

  /** First port of the real agents, and how many there are up to where Linux picks its own. */
  private static final int FIRST_PORT = 31000;

  private static final int PORTS = 1700;

  /**
   * Real tasks on {@code agents} agents, with the timers of Mesos, on any free port. The agents
   * share this machine, so each offers a part of the ports 31000-32699.
   */
  public static LocalMesosSettings real(Path workDir, int agents) {
    int each = PORTS / Math.max(1, agents);
    var list = new ArrayList<AgentSettings>(agents);
    for (var agent : AgentSettings.named("agent").times(agents)) {
      int first = FIRST_PORT + list.size() * each;
      list.add(each == 0 ? agent.withPorts(0, 0) : agent.withPorts(first, first + each - 1));
    }
    return simulated(workDir, agents).withAgents(list).withTasks(new Tasks.Real());
  }

  /**
   * Simulated tasks that start and stop at once on {@code agents} agents, with the timers of Mesos,
   * on any free port.
   */
  public static LocalMesosSettings simulated(Path workDir, int agents) {
    return new LocalMesosSettings(
        0,
        workDir,
        AgentSettings.named("agent").times(agents),
        new Tasks.Simulated(Duration.ZERO, Duration.ZERO),
        new MasterSettings(
            Duration.ofSeconds(1),
            Duration.ofSeconds(15),
            Duration.ofSeconds(75),
            MasterSettings.VERSION),
        Duration.ofSeconds(10),
        262_144,
        Access.OPEN);
  }

  public LocalMesosSettings withPort(int newPort) {
    return new LocalMesosSettings(
        newPort, workDir, agents, tasks, master, resendInterval, streamCapacity, access);
  }

  public LocalMesosSettings withAgents(List<AgentSettings> newAgents) {
    return new LocalMesosSettings(
        port, workDir, newAgents, tasks, master, resendInterval, streamCapacity, access);
  }

  public LocalMesosSettings withTasks(Tasks newTasks) {
    return new LocalMesosSettings(
        port, workDir, agents, newTasks, master, resendInterval, streamCapacity, access);
  }

  public LocalMesosSettings withAllocationInterval(Duration interval) {
    return withMaster(
        new MasterSettings(
            interval, master.heartbeatInterval(), master.agentPingTimeout(), master.version()));
  }

  public LocalMesosSettings withHeartbeatInterval(Duration interval) {
    return withMaster(
        new MasterSettings(
            master.allocationInterval(), interval, master.agentPingTimeout(), master.version()));
  }

  public LocalMesosSettings withAgentPingTimeout(Duration timeout) {
    return withMaster(
        new MasterSettings(
            master.allocationInterval(), master.heartbeatInterval(), timeout, master.version()));
  }

  /** Says it is this version of Mesos, such as {@code 1.8.1}, which cannot drain agents. */
  public LocalMesosSettings withVersion(String version) {
    return withMaster(
        new MasterSettings(
            master.allocationInterval(),
            master.heartbeatInterval(),
            master.agentPingTimeout(),
            version));
  }

  public LocalMesosSettings withMaster(MasterSettings newMaster) {
    return new LocalMesosSettings(
        port, workDir, agents, tasks, newMaster, resendInterval, streamCapacity, access);
  }

  public LocalMesosSettings withResendInterval(Duration interval) {
    return new LocalMesosSettings(
        port, workDir, agents, tasks, master, interval, streamCapacity, access);
  }

  public LocalMesosSettings withStreamCapacity(int capacity) {
    return new LocalMesosSettings(
        port, workDir, agents, tasks, master, resendInterval, capacity, access);
  }

  public LocalMesosSettings withAccess(Access newAccess) {
    return new LocalMesosSettings(
        port, workDir, agents, tasks, master, resendInterval, streamCapacity, newAccess);
  }
}
