package peloton.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.mesos.v1.Protos.ContainerInfo;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;

/**
 * All that placement wants to know of a pod. Pods of equal shape are the same to it and share its
 * work, so a shape is made once for each specification and kept.
 */
public final class Shape {
  private final Need need;
  private final boolean revocable;
  private final List<Rule> rules;
  private final List<Label> labels;
  private final boolean namesExclusive;
  private final boolean namesHostPool;
  private final boolean fillingOnlyHurts;
  private final long[] amounts;
  private final int hash;

  private Shape(Need need, boolean revocable, List<Rule> rules, List<Label> labels) {
    this.need = need;
    this.revocable = revocable;
    this.rules = List.copyOf(rules);
    this.labels = List.copyOf(labels);
    this.namesExclusive = names(rules, Label.EXCLUSIVE);
    this.namesHostPool = names(rules, Label.HOST_POOL);
    this.fillingOnlyHurts = fillingOnlyHurts(rules);
    this.amounts = ResourceKind.amounts(need, revocable);
    this.hash = Objects.hash(need, revocable, rules, labels);
  }

  /**
   * The shape of a pod by its effective specification. If that has a volume, it is one that is
   * still to be made.
   */
  public static Shape of(PodSpec spec) {
    List<Rule> rules = new ArrayList<>();
    if (spec.hasConstraint()) {
      rules.addAll(Rule.parts(spec.getConstraint()));
    }
    List<Label> labels = new ArrayList<>();
    spec.getLabelsList().forEach(label -> labels.add(new Label(label.getKey(), label.getValue())));
    for (ContainerSpec container : spec.getContainersList()) {
      if (!usesHostNetwork(container)) {
        continue;
      }
      for (PortSpec port : container.getPortsList()) {
        if (port.getValue() != 0) {
          // Two pods cannot listen on one port of a host.
          Label taken = Label.staticPort(port.getValue());
          labels.add(taken);
          rules.add(new Rule.Count(Rule.Kind.POD, taken, Rule.Condition.EQUAL, 0));
        }
      }
    }
    return new Shape(Need.withVolume(spec), spec.getRevocable(), rules, labels);
  }

  /** A pod that asks for nothing but resources. */
  public static Shape of(Need need) {
    return new Shape(need, false, List.of(), List.of());
  }

  /** Whether a port of the container is a port of the host. */
  static boolean usesHostNetwork(ContainerSpec container) {
    ContainerInfo info = container.getContainer();
    boolean docker = info.getType() == ContainerInfo.Type.DOCKER && info.hasDocker();
    return info.getNetworkInfosCount() == 0
        && (!docker
            || !info.getDocker().hasNetwork()
            || info.getDocker().getNetwork() == ContainerInfo.DockerInfo.Network.HOST);
  }

  public Need need() {
    return need;
  }

  /** What it takes of each kind of resource; not to be changed. */
  long[] amounts() {
    return amounts;
  }

  /** Whether it runs on CPUs that Mesos may take back. */
  public boolean revocable() {
    return revocable;
  }

  /** What must hold, all of it. */
  List<Rule> rules() {
    return rules;
  }

  /** What counts on its host once it is there. */
  List<Label> labels() {
    return labels;
  }

  boolean namesExclusive() {
    return namesExclusive;
  }

  boolean namesHostPool() {
    return namesHostPool;
  }

  /** Whether a host that does not do now cannot begin to do by taking further pods. */
  boolean fillingOnlyHurts() {
    return fillingOnlyHurts;
  }

  private static boolean names(List<Rule> rules, String key) {
    AtomicBoolean named = new AtomicBoolean();
    rules.forEach(
        rule ->
            rule.forEachCount(
                count -> {
                  if (count.kind() == Rule.Kind.HOST && count.label().key().equals(key)) {
                    named.set(true);
                  }
                }));
    return named.get();
  }

  private static boolean fillingOnlyHurts(List<Rule> rules) {
    AtomicBoolean hurts = new AtomicBoolean(true);
    rules.forEach(
        rule ->
            rule.forEachCount(
                count -> {
                  if (count.kind() == Rule.Kind.POD
                      && count.condition() != Rule.Condition.LESS_THAN
                      && !count.meansNone()) {
                    hurts.set(false);
                  }
                }));
    return hurts.get();
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Shape shape
            && hash == shape.hash
            && revocable == shape.revocable
            && need.equals(shape.need)
            && rules.equals(shape.rules)
            && labels.equals(shape.labels));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return "Shape[" + need + ", revocable=" + revocable + ", " + rules + ", " + labels + "]";
  }
}
