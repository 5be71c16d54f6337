package peloton.mesos.driver;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.maintenance.Protos.ClusterStatus;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.master.Protos.Response;

/**
 * What an operator may ask of the leading Mesos master and order there.
 *
 * <p>Calls never block; they take effect in the order in which they are made. Each stage completes
 * on a thread that must not be held up, or fails with a {@link MesosOperatorException} that says
 * whether the master refused the call or may never have seen it. Whatever changes something may be
 * called again: Mesos answers a repetition with success, or with a refusal that says that it is
 * done already.
 */
public interface MesosOperatorApi {

  /** The version of the leading master, such as {@code 1.11.0}. */
  CompletionStage<String> version();

  /**
   * What the leading master can do. Without {@code AGENT_DRAINING} there is none of {@link
   * #drainAgent}, {@link #deactivateAgent} and {@link #reactivateAgent}.
   */
  CompletionStage<Set<MasterInfo.Capability.Type>> capabilities();

  /** The registered agents, connected or not; those that are unreachable or gone are not there. */
  CompletionStage<List<Response.GetAgents.Agent>> agents();

  CompletionStage<Schedule> maintenanceSchedule();

  /** Which machines are draining and which are down, and what frameworks answered. */
  CompletionStage<ClusterStatus> maintenanceStatus();

  /**
   * Replaces the whole schedule. A machine is named by hostname and IP as its agent has them: with
   * one of them missing, it is another machine for Mesos.
   */
  CompletionStage<Void> updateMaintenanceSchedule(Schedule schedule);

  /** Takes machines of the schedule down; their agents end, and their tasks. */
  CompletionStage<Void> startMaintenance(List<MachineID> machines);

  /** Brings machines up that are down, and takes them out of the schedule. */
  CompletionStage<Void> stopMaintenance(List<MachineID> machines);

  /**
   * Kills all tasks of an agent and makes no more offers of it until {@link #reactivateAgent}.
   *
   * @param maxGracePeriod shortens longer kill policies; empty leaves them as they are
   * @param markGone whether the agent is gone for good afterwards, with all data on it
   */
  CompletionStage<Void> drainAgent(
      AgentID agent, Optional<Duration> maxGracePeriod, boolean markGone);

  /** Makes no more offers of an agent; its tasks run on. */
  CompletionStage<Void> deactivateAgent(AgentID agent);

  /** Makes offers again; refused while the agent is active or draining. */
  CompletionStage<Void> reactivateAgent(AgentID agent);

  /** Gives an agent up for good, with all data on it. */
  CompletionStage<Void> markAgentGone(AgentID agent);

  /** Destroys persistent volumes that nobody uses; they are reserved disk afterwards. */
  CompletionStage<Void> destroyVolumes(AgentID agent, List<Resource> volumes);

  /** Makes dynamically reserved resources that nobody uses unreserved again. */
  CompletionStage<Void> unreserveResources(AgentID agent, List<Resource> resources);

  /** Removes a framework and kills all its tasks. */
  CompletionStage<Void> tearDown(FrameworkID framework);
}
