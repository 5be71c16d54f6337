package peloton.loop;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.OperationStatus;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import peloton.loop.LoopMeter.Count;
import peloton.mesos.driver.MesosCalls;
import peloton.placement.TaskInfos;

/** The calls that the loops make, in their words. */
final class Mesos {
  /** Some seconds' work for a busy master; far below what ends a subscription. */
  private static final int MOST_WAITING = 10_000;

  private final MesosCalls calls;
  private final KillQueue kills;
  private final LoopMeter meter;

  /**
   * Calls through a driver.
   *
   * @param mayKill whether kills may be sent just now
   */
  Mesos(MesosCalls calls, BooleanSupplier mayKill, LoopMeter meter) {
    this.calls = calls;
    this.meter = meter;
    this.kills = new KillQueue(KillQueue.WINDOW, mayKill, this::kill);
  }

  /** Whether so many calls wait for a slow master that new launches had better wait as well. */
  boolean isBehind() {
    return calls.waiting() > MOST_WAITING;
  }

  /** A task of a pod, where it is thought to be. */
  record Task(String id, String agentId) {}

  /**
   * Launches on all offers of one agent; what is left over may be offered again at once.
   *
   * @param first what has to be done before, in this order
   */
  void accept(List<OfferID> offers, List<Offer.Operation> first, List<TaskInfos.Launch> launches) {
    Call.Accept.Builder accept =
        Call.Accept.newBuilder()
            .addAllOfferIds(offers)
            .addAllOperations(first)
            .setFilters(Filters.newBuilder().setRefuseSeconds(0));
    Offer.Operation.Launch.Builder single = Offer.Operation.Launch.newBuilder();
    for (TaskInfos.Launch launch : launches) {
      meter.add(Count.LAUNCHES, launch.tasks().size());
      if (launch.executor().isEmpty()) {
        single.addAllTaskInfos(launch.tasks());
      } else {
        accept
            .addOperationsBuilder()
            .setType(Offer.Operation.Type.LAUNCH_GROUP)
            .getLaunchGroupBuilder()
            .setExecutor(launch.executor().get())
            .getTaskGroupBuilder()
            .addAllTasks(launch.tasks());
      }
    }
    if (single.getTaskInfosCount() > 0) {
      accept.addOperationsBuilder().setType(Offer.Operation.Type.LAUNCH).setLaunch(single);
    }
    calls.send(Call.newBuilder().setType(Call.Type.ACCEPT).setAccept(accept).build());
  }

  /** Asks after every operation that Mesos knows. */
  void reconcileOperations() {
    calls.send(
        Call.newBuilder()
            .setType(Call.Type.RECONCILE_OPERATIONS)
            .setReconcileOperations(Call.ReconcileOperations.getDefaultInstance())
            .build());
  }

  /** Tells the agent that feedback is in etcd; such without a uuid wants no answer. */
  void acknowledgeOperation(OperationStatus status) {
    if (!status.hasUuid() || status.getUuid().getValue().isEmpty()) {
      return;
    }
    Call.AcknowledgeOperationStatus.Builder acknowledge =
        Call.AcknowledgeOperationStatus.newBuilder()
            .setUuid(status.getUuid().getValue())
            .setOperationId(status.getOperationId());
    if (status.hasAgentId()) {
      acknowledge.setAgentId(status.getAgentId());
    }
    if (status.hasResourceProviderId()) {
      acknowledge.setResourceProviderId(status.getResourceProviderId());
    }
    calls.send(
        Call.newBuilder()
            .setType(Call.Type.ACKNOWLEDGE_OPERATION_STATUS)
            .setAcknowledgeOperationStatus(acknowledge)
            .build());
  }

  void decline(List<OfferID> offers, double refuseSeconds) {
    meter.add(Count.OFFERS_DECLINED, offers.size());
    calls.send(
        Call.newBuilder()
            .setType(Call.Type.DECLINE)
            .setDecline(
                Call.Decline.newBuilder()
                    .addAllOfferIds(offers)
                    .setFilters(Filters.newBuilder().setRefuseSeconds(refuseSeconds)))
            .build());
  }

  void suppress() {
    calls.send(Call.newBuilder().setType(Call.Type.SUPPRESS).build());
  }

  void revive() {
    calls.send(Call.newBuilder().setType(Call.Type.REVIVE).build());
  }

  /** Kills in their turn. */
  KillQueue kills() {
    return kills;
  }

  private void kill(Task task) {
    meter.add(Count.KILLS);
    Call.Kill.Builder kill =
        Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue(task.id()));
    if (!task.agentId().isEmpty()) {
      kill.setAgentId(AgentID.newBuilder().setValue(task.agentId()));
    }
    calls.send(Call.newBuilder().setType(Call.Type.KILL).setKill(kill).build());
  }

  /** Has an agent end a task's executor; without one of its own that has the name of the task. */
  void shutDown(String executorId, String agentId) {
    calls.send(
        Call.newBuilder()
            .setType(Call.Type.SHUTDOWN)
            .setShutdown(
                Call.Shutdown.newBuilder()
                    .setExecutorId(ExecutorID.newBuilder().setValue(executorId))
                    .setAgentId(AgentID.newBuilder().setValue(agentId)))
            .build());
  }

  /** Tells the agent that a status is in etcd; one without a uuid wants no answer. */
  void acknowledge(TaskStatus status) {
    if (!status.hasUuid() || status.getUuid().isEmpty()) {
      return;
    }
    meter.add(Count.ACKNOWLEDGEMENTS);
    calls.send(
        Call.newBuilder()
            .setType(Call.Type.ACKNOWLEDGE)
            .setAcknowledge(
                Call.Acknowledge.newBuilder()
                    .setAgentId(status.getAgentId())
                    .setTaskId(status.getTaskId())
                    .setUuid(status.getUuid()))
            .build());
  }

  /** Asks after tasks; with none, after all that Mesos knows. */
  void reconcile(List<Task> tasks) {
    Call.Reconcile.Builder reconcile = Call.Reconcile.newBuilder();
    for (Task task : tasks) {
      Call.Reconcile.Task.Builder asked =
          Call.Reconcile.Task.newBuilder().setTaskId(TaskID.newBuilder().setValue(task.id()));
      if (!task.agentId().isEmpty()) {
        asked.setAgentId(AgentID.newBuilder().setValue(task.agentId()));
      }
      reconcile.addTasks(asked);
    }
    calls.send(Call.newBuilder().setType(Call.Type.RECONCILE).setReconcile(reconcile).build());
  }
}
