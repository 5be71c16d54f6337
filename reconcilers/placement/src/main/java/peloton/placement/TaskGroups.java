package peloton.placement;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import peloton.api.ids.PodId;
import peloton.api.ids.TaskId;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.placement.AgentOffers.Purse;
import peloton.placement.TaskInfos.Launch;

/**
 * Pods of more than one container: groups of tasks under the default executor, which has the pod's
 * id. Init containers are groups of their own, one after the other. The executor ends when it has
 * no task, so the first of them comes with a holder, a task that only sleeps; when the pod's
 * containers run it may go.
 */
final class TaskGroups {
  private static final String HOLDER = "holder";

  /** As long as sleep can be told; it ends at once when it is killed. */
  private static final String LONGEST = "2147483647";

  private TaskGroups() {}

  static Launch first(
      PodId id, JobSpec job, PodSpec pod, String agentId, String framework, Purse purse) {
    List<Resource> resources =
        new ArrayList<>(purse.take(PodResources.ofExecutor(pod), pod.getRevocable()));
    Map<String, Integer> ports = new LinkedHashMap<>();
    List<List<Resource>> offered = TaskInfos.ports(pod.getContainersList(), ports, purse);
    boolean holds = PodResources.executorHolds(pod);
    if (holds) {
      offered.forEach(resources::addAll);
    }
    ExecutorInfo executor = executor(id, framework, resources);
    List<TaskInfo> tasks = new ArrayList<>();
    if (holds) {
      tasks.add(holder(id, job, pod, agentId, purse));
      tasks.add(init(id, job, pod, agentId, 0, ports, purse));
    } else {
      for (int i = 0; i < pod.getContainersCount(); i++) {
        tasks.add(
            main(id, job, pod, agentId, i, ports, purse).addAllResources(offered.get(i)).build());
      }
    }
    return new Launch(tasks, Optional.of(executor), ports);
  }

  static Launch later(
      PodId id,
      JobSpec job,
      PodSpec pod,
      String agentId,
      int stage,
      ExecutorInfo executor,
      Map<String, Integer> ports,
      Purse purse) {
    if (stage < pod.getInitContainersCount()) {
      TaskInfo task = init(id, job, pod, agentId, stage, ports, purse);
      return new Launch(List.of(task), Optional.of(executor), ports);
    }
    List<TaskInfo> tasks = new ArrayList<>();
    for (int i = 0; i < pod.getContainersCount(); i++) {
      tasks.add(main(id, job, pod, agentId, i, ports, purse).build());
    }
    return new Launch(tasks, Optional.of(executor), ports);
  }

  private static ExecutorInfo executor(PodId id, String framework, List<Resource> resources) {
    return ExecutorInfo.newBuilder()
        .setType(ExecutorInfo.Type.DEFAULT)
        .setExecutorId(ExecutorID.newBuilder().setValue(id.toString()))
        .setFrameworkId(FrameworkID.newBuilder().setValue(framework))
        .addAllResources(resources)
        .build();
  }

  private static TaskInfo.Builder main(
      PodId id,
      JobSpec job,
      PodSpec pod,
      String agentId,
      int index,
      Map<String, Integer> ports,
      Purse purse) {
    ContainerSpec container = pod.getContainers(index);
    return TaskInfos.task(
            new TaskId(id, TaskId.Part.MAIN, index), job, pod, container, ports, agentId)
        .addAllResources(purse.take(PodResources.ofTask(pod, container), pod.getRevocable()));
  }

  private static TaskInfo init(
      PodId id,
      JobSpec job,
      PodSpec pod,
      String agentId,
      int index,
      Map<String, Integer> ports,
      Purse purse) {
    ContainerSpec container = pod.getInitContainers(index);
    return TaskInfos.task(
            new TaskId(id, TaskId.Part.INIT, index), job, pod, container, ports, agentId)
        .addAllResources(purse.take(PodResources.ofStage(pod), pod.getRevocable()))
        .build();
  }

  private static TaskInfo holder(PodId id, JobSpec job, PodSpec pod, String agentId, Purse purse) {
    return TaskInfo.newBuilder()
        .setName(HOLDER)
        .setTaskId(TaskID.newBuilder().setValue(TaskId.holder(id).toString()))
        .setAgentId(AgentID.newBuilder().setValue(agentId))
        .setCommand(
            CommandInfo.newBuilder()
                .setShell(false)
                .setValue("sleep")
                .addArguments("sleep")
                .addArguments(LONGEST))
        .setLabels(TaskInfos.labels(id, job, pod))
        .addAllResources(purse.take(PodResources.token(1), pod.getRevocable()))
        .build();
  }
}
