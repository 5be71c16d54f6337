package peloton.mesos.local.master;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.Offer.Operation;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus.Reason;
import org.apache.mesos.v1.scheduler.Protos.Call;
import peloton.mesos.local.agent.ExecutorKey;
import peloton.mesos.local.agent.Owner;
import peloton.mesos.local.agent.TaskKey;
import peloton.mesos.local.resources.Resources;

/** Carries out ACCEPT. What is wrong with it comes back as updates of the tasks it names. */
final class Launcher {

  private final Cluster cluster;
  private final Offers offers;
  private final Statuses statuses;
  private final Operations operations;

  Launcher(Cluster cluster, Offers offers, Statuses statuses, Operations operations) {
    this.cluster = cluster;
    this.offers = offers;
    this.statuses = statuses;
    this.operations = operations;
  }

  void accept(Framework framework, Call.Accept call) {
    var problem = problem(framework, call.getOfferIdsList());
    if (problem.isPresent()) {
      refuse(framework, call, problem.get());
      return;
    }
    var accepted = new ArrayList<OutstandingOffer>(call.getOfferIdsCount());
    call.getOfferIdsList().forEach(id -> offers.find(id.getValue()).ifPresent(accepted::add));
    var agent = accepted.get(0).agent();
    String role = accepted.get(0).role();
    var left = Resources.NONE;
    for (var offer : accepted) {
      offers.close(offer);
      left = left.plus(offer.resources());
    }
    for (var operation : call.getOperationsList()) {
      if (operation.getType() == Operation.Type.LAUNCH) {
        for (var task : operation.getLaunch().getTaskInfosList()) {
          left = launch(framework, agent, role, left, operation.hasId(), task);
        }
      } else if (operation.getType() == Operation.Type.LAUNCH_GROUP) {
        left = launchGroup(framework, agent, role, left, operation);
      } else {
        left = operations.accept(framework, agent, role, left, operation);
      }
    }
    cluster.release(framework, role, agent, left);
    offers.refuse(framework, role, agent, left, call.getFilters());
  }

  private Optional<String> problem(Framework framework, List<OfferID> ids) {
    if (ids.isEmpty()) {
      return Optional.of("ACCEPT names no offers");
    }
    var seen = new HashSet<String>();
    OutstandingOffer first = null;
    for (var id : ids) {
      var offer = offers.find(id.getValue()).filter(found -> found.framework() == framework);
      if (offer.isEmpty()) {
        return Optional.of("offer " + id.getValue() + " is no longer valid");
      }
      if (!seen.add(id.getValue())) {
        return Optional.of("offer " + id.getValue() + " is named twice");
      }
      if (first == null) {
        first = offer.get();
      } else if (first.agent() != offer.get().agent()) {
        return Optional.of("the offers are of different agents");
      } else if (!first.role().equals(offer.get().role())) {
        return Optional.of("the offers are made to different roles");
      }
    }
    return Optional.empty();
  }

  private void refuse(Framework framework, Call.Accept call, String problem) {
    for (var id : call.getOfferIdsList()) {
      offers
          .find(id.getValue())
          .filter(found -> found.framework() == framework)
          .ifPresent(offers::discard);
    }
    var state = Statuses.lostUnlessAware(framework, TaskState.TASK_DROPPED);
    for (var operation : call.getOperationsList()) {
      if (isLaunch(operation)) {
        for (var task : tasks(operation)) {
          tell(
              framework,
              task,
              state,
              Reason.REASON_INVALID_OFFERS,
              "Task launched with invalid offers: " + problem);
        }
      } else {
        operations.refuse(framework, operation, "Operation with invalid offers: " + problem);
      }
    }
  }

  private Resources launch(
      Framework framework,
      AgentSlot agent,
      String role,
      Resources left,
      boolean operationHasId,
      TaskInfo task) {
    if (operationHasId) {
      error(framework, task, Reason.REASON_TASK_INVALID, "Operation.id must not be set on LAUNCH");
      return left;
    }
    var verdict = LaunchValidation.judge(task, framework, agent, role, left);
    if (verdict.problem().isPresent()) {
      error(framework, task, Reason.REASON_TASK_INVALID, verdict.problem().get());
      return left;
    }
    record(framework, agent, role, task, verdict.resources());
    agent.agent().run(owner(framework), task);
    return left.minus(verdict.resources());
  }

  private Resources launchGroup(
      Framework framework, AgentSlot agent, String role, Resources left, Operation operation) {
    var tasks = operation.getLaunchGroup().getTaskGroup().getTasksList();
    var executor = operation.getLaunchGroup().getExecutor();
    var verdict = GroupValidation.judge(executor, tasks, framework, agent, role, left);
    var problem =
        operation.hasId()
            ? Optional.of("Operation.id must not be set on LAUNCH_GROUP")
            : verdict.problem();
    if (problem.isPresent()) {
      tasks.forEach(
          task -> error(framework, task, Reason.REASON_TASK_GROUP_INVALID, problem.get()));
      return left;
    }
    String executorId = executor.getExecutorId().getValue();
    var key = new ExecutorKey(framework.id(), executorId);
    agent
        .executors()
        .computeIfAbsent(
            key, any -> new ExecutorRecord(key, executor, agent, role, verdict.executor()));
    var rest = left.minus(verdict.executor());
    for (int i = 0; i < tasks.size(); i++) {
      record(framework, agent, role, tasks.get(i), verdict.tasks().get(i));
      rest = rest.minus(verdict.tasks().get(i));
    }
    agent.agent().runGroup(owner(framework), executor, tasks);
    return rest;
  }

  private static void record(
      Framework framework, AgentSlot agent, String role, TaskInfo task, Resources resources) {
    var key = new TaskKey(framework.id(), task.getTaskId().getValue());
    var record = new TaskRecord(key, task, agent, role, resources);
    framework.tasks().put(key.taskId(), record);
    agent.tasks().put(key, record);
  }

  private static Owner owner(Framework framework) {
    return new Owner(
        framework.id(),
        framework.can(Capability.Type.TASK_KILLING_STATE),
        framework.can(Capability.Type.PARTITION_AWARE));
  }

  private static boolean isLaunch(Operation operation) {
    return operation.getType() == Operation.Type.LAUNCH
        || operation.getType() == Operation.Type.LAUNCH_GROUP;
  }

  private static List<TaskInfo> tasks(Operation operation) {
    return operation.getType() == Operation.Type.LAUNCH
        ? operation.getLaunch().getTaskInfosList()
        : operation.getLaunchGroup().getTaskGroup().getTasksList();
  }

  private void error(Framework framework, TaskInfo task, Reason reason, String why) {
    tell(framework, task, TaskState.TASK_ERROR, reason, why);
  }

  private void tell(
      Framework framework, TaskInfo task, TaskState state, Reason reason, String why) {
    statuses.send(
        framework,
        task.getTaskId().getValue(),
        Optional.of(task.getAgentId().getValue()),
        state,
        reason,
        why);
  }
}
