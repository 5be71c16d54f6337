package peloton.placement;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.pod.Pod.AndConstraint;
import peloton.api.v1alpha.pod.Pod.Constraint;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.LabelConstraint;
import peloton.api.v1alpha.pod.Pod.OrConstraint;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;

/** Agents, pods and constraints in few words. */
final class Fleet {
  static final LabelConstraint.Condition LESS =
      LabelConstraint.Condition.LABEL_CONSTRAINT_CONDITION_LESS_THAN;
  static final LabelConstraint.Condition EQUAL =
      LabelConstraint.Condition.LABEL_CONSTRAINT_CONDITION_EQUAL;
  static final LabelConstraint.Condition GREATER =
      LabelConstraint.Condition.LABEL_CONSTRAINT_CONDITION_GREATER_THAN;

  private Fleet() {}

  /** Agents agent-0, agent-1 and so on, on hosts host-0, host-1 and so on. */
  static AgentIndex index(int count, Capacity each) {
    return add(new AgentIndex(PlacementSettings.DEFAULT), count, each);
  }

  static AgentIndex packing(int count, Capacity each) {
    return add(
        new AgentIndex(new PlacementSettings(PlacementSettings.Strategy.PACK, "")), count, each);
  }

  static AgentIndex add(AgentIndex index, int count, Capacity each) {
    IntStream.range(0, count).forEach(i -> agent(index, i, each));
    return index;
  }

  static void agent(AgentIndex index, int i, Capacity capacity, Label... labels) {
    index.offered("agent-" + i, "host-" + i, List.of(labels), capacity);
  }

  static Capacity cpus(double cpus) {
    return new Capacity(Need.milli(cpus), 64_000_000, 64_000_000, 0, 100);
  }

  static PodSpec.Builder pod(double cpus) {
    return PodSpec.newBuilder()
        .addContainers(
            ContainerSpec.newBuilder()
                .setResource(ResourceSpec.newBuilder().setCpuLimit(cpus).setMemLimitMb(64)));
  }

  static PodSpec.Builder labelled(double cpus, String key, String value) {
    return pod(cpus).addLabels(label(key, value));
  }

  static PodSpec.Builder withPort(double cpus, String name, int port) {
    PodSpec.Builder pod = pod(cpus);
    pod.getContainersBuilder(0)
        .addPorts(PortSpec.newBuilder().setName(name).setValue(port).setEnvName("PORT"));
    return pod;
  }

  static Shape shape(PodSpec.Builder pod) {
    return Shape.of(pod.build());
  }

  static Shape shape(PodSpec.Builder pod, Constraint constraint) {
    return Shape.of(pod.setConstraint(constraint).build());
  }

  static Constraint onHost(
      String key, String value, LabelConstraint.Condition condition, int requirement) {
    return count(
        LabelConstraint.Kind.LABEL_CONSTRAINT_KIND_HOST, key, value, condition, requirement);
  }

  static Constraint amongPods(
      String key, String value, LabelConstraint.Condition condition, int requirement) {
    return count(
        LabelConstraint.Kind.LABEL_CONSTRAINT_KIND_POD, key, value, condition, requirement);
  }

  static Constraint count(
      LabelConstraint.Kind kind,
      String key,
      String value,
      LabelConstraint.Condition condition,
      int requirement) {
    return Constraint.newBuilder()
        .setType(Constraint.Type.CONSTRAINT_TYPE_LABEL)
        .setLabelConstraint(
            LabelConstraint.newBuilder()
                .setKind(kind)
                .setCondition(condition)
                .setLabel(label(key, value))
                .setRequirement(requirement))
        .build();
  }

  static Constraint all(Constraint... constraints) {
    return Constraint.newBuilder()
        .setType(Constraint.Type.CONSTRAINT_TYPE_AND)
        .setAndConstraint(AndConstraint.newBuilder().addAllConstraints(List.of(constraints)))
        .build();
  }

  static Constraint any(Constraint... constraints) {
    return Constraint.newBuilder()
        .setType(Constraint.Type.CONSTRAINT_TYPE_OR)
        .setOrConstraint(OrConstraint.newBuilder().addAllConstraints(List.of(constraints)))
        .build();
  }

  /** Places instances of one job in one pass: the agents, "-" where there is none. */
  static List<String> place(AgentIndex index, String job, int count, Shape shape) {
    Pass pass = new Pass(index, count);
    return IntStream.range(0, count).mapToObj(i -> pass.place(job, i, shape).orElse("-")).toList();
  }

  /** Places one pod in a pass of its own. */
  static Optional<String> placeOne(AgentIndex index, String job, int instance, Shape shape) {
    return new Pass(index, 1).place(job, instance, shape);
  }

  private static Peloton.Label label(String key, String value) {
    return Peloton.Label.newBuilder().setKey(key).setValue(value).build();
  }
}
