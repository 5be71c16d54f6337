package peloton.desired.job;

import static peloton.desired.Violation.invalid;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.mesos.v1.Protos;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.desired.Violation;

/**
 * Which job specifications are allowed. Pure. An instance is judged by its effective pod, so a
 * default that is incomplete is fine as long as every instance completes it.
 */
public final class JobSpecValidator {
  /** Most instances that a job may have. */
  public static final int MAX_INSTANCES = 100_000;

  /** Largest specification, in bytes of its binary form: etcd takes 1.5 MiB in one request. */
  public static final int MAX_SPEC_BYTES = 512 * 1024;

  /** Longest name of a job, in characters; it is part of a key in the store. */
  public static final int MAX_NAME_LENGTH = 1024;

  private static final int ENOUGH = 20;

  private JobSpecValidator() {}

  /** Everything that is wrong with a specification, or the first twenty things; empty if none. */
  public static List<Violation> validate(JobSpec spec) {
    int size = spec.getSerializedSize();
    if (size > MAX_SPEC_BYTES) {
      return List.of(
          invalid(
              "spec",
              size + " bytes",
              "a job's specification may take at most " + MAX_SPEC_BYTES + " bytes"));
    }
    List<Violation> violations = new ArrayList<>();
    checkJob(spec, violations);
    if (violations.isEmpty()) {
      checkPods(spec, violations);
    }
    return violations.size() > ENOUGH ? List.copyOf(violations.subList(0, ENOUGH)) : violations;
  }

  private static void checkJob(JobSpec spec, List<Violation> violations) {
    if (Integer.compareUnsigned(spec.getInstanceCount(), MAX_INSTANCES) > 0) {
      violations.add(
          invalid(
              "spec.instance_count",
              Integer.toUnsignedString(spec.getInstanceCount()),
              "must be at most " + MAX_INSTANCES));
    }
    if (spec.getName().length() > MAX_NAME_LENGTH) {
      violations.add(
          invalid(
              "spec.name",
              spec.getName().length() + " characters",
              "must have at most " + MAX_NAME_LENGTH));
    }
    if (spec.getSla().getRevocable() && !spec.getSla().getPreemptible()) {
      violations.add(
          invalid(
              "spec.sla.preemptible",
              "false beside sla.revocable true",
              "a revocable job must be preemptible"));
    }
    checkLabels("spec.labels", spec.getLabelsList(), violations);
    checkWhatIsNotServed("spec.default_spec", spec.getDefaultSpec(), violations);
    VolumeRules.check(
        "spec.default_spec", spec.getDefaultSpec(), PodSpec.getDefaultInstance(), violations);
    new TreeMap<>(spec.getInstanceSpecMap())
        .forEach(
            (key, pod) -> {
              checkWhatIsNotServed(instancePath(key), pod, violations);
              VolumeRules.check(instancePath(key), pod, spec.getDefaultSpec(), violations);
            });
  }

  private static void checkPods(JobSpec spec, List<Violation> violations) {
    int instances = spec.getInstanceCount();
    Map<Integer, PodSpec> own = new TreeMap<>(spec.getInstanceSpecMap());
    own.keySet().removeIf(instance -> Integer.compareUnsigned(instance, instances) >= 0);
    if (!spec.hasDefaultSpec()) {
      for (int instance = 0; instance < instances; instance++) {
        if (!own.containsKey(instance)) {
          violations.add(
              invalid(
                  "spec.default_spec",
                  "none, and no instance_spec[" + instance + "]",
                  "missing task config for instance "
                      + instance
                      + ": give a default_spec, or an instance_spec for each instance"));
          return;
        }
      }
    }
    boolean defaultIsUsed = own.size() < instances || instances == 0 && spec.hasDefaultSpec();
    if (defaultIsUsed) {
      checkPod("spec.default_spec", EffectivePodSpec.merged(spec, null), violations);
      checkDefaultController(spec, own, violations);
    }
    for (Map.Entry<Integer, PodSpec> entry : own.entrySet()) {
      if (violations.size() > ENOUGH || defaultIsUsed && !violations.isEmpty()) {
        return;
      }
      checkInstance(spec, entry.getKey(), entry.getValue(), violations);
    }
  }

  private static void checkInstance(
      JobSpec spec, int instance, PodSpec own, List<Violation> violations) {
    String path = instancePath(instance);
    checkPod(path, EffectivePodSpec.merged(spec, own), violations);
    if (instance != 0 && own.getController()) {
      violations.add(invalid(path + ".controller", "true", "only instance 0 may be a controller"));
    }
  }

  private static void checkDefaultController(
      JobSpec spec, Map<Integer, PodSpec> own, List<Violation> violations) {
    int others = spec.getInstanceCount() - 1;
    long ownOthers = own.keySet().stream().filter(instance -> instance != 0).count();
    if (spec.getDefaultSpec().getController() && ownOthers < others) {
      violations.add(
          invalid(
              "spec.default_spec.controller",
              "true for " + spec.getInstanceCount() + " instances",
              "only instance 0 may be a controller"));
    }
  }

  private static void checkWhatIsNotServed(String path, PodSpec pod, List<Violation> violations) {
    if (pod.hasVolume() && pod.getContainersCount() + pod.getInitContainersCount() > 1) {
      violations.add(
          Violation.unimplemented(
              path + ".volume",
              "a persistent volume in a pod of several containers",
              "only pods of one container may have one"));
    }
  }

  private static void checkPod(String path, PodSpec pod, List<Violation> violations) {
    checkLabels(path + ".labels", pod.getLabelsList(), violations);
    if (pod.getContainersCount() == 0) {
      violations.add(
          invalid(path + ".containers", "no containers", "at least one container is required"));
      return;
    }
    if (pod.getPreemptionPolicy().getKillOnPreempt()) {
      violations.add(
          invalid(
              path + ".preemption_policy.kill_on_preempt",
              "true",
              "must be false for a stateless job: its pods come back after a preemption"));
    }
    if (pod.getKillGracePeriodSeconds() < 0
        || pod.getKillGracePeriodSeconds() > PodRules.LONGEST_SECONDS) {
      violations.add(
          invalid(
              path + ".kill_grace_period_seconds",
              Integer.toUnsignedString(pod.getKillGracePeriodSeconds()),
              "must be at most " + PodRules.LONGEST_SECONDS));
    }
    if (pod.hasConstraint()) {
      ConstraintRules.check(path + ".constraint", pod.getConstraint(), violations);
    }
    if (pod.hasVolume()) {
      PodRules.checkVolume(path + ".volume", pod.getVolume(), violations);
    }
    for (int i = 0; i < pod.getContainersCount(); i++) {
      String containerPath = path + ".containers[" + i + "]";
      ContainerSpec container = pod.getContainers(i);
      checkContainer(containerPath, container, violations);
      HealthRules.checkLiveness(
          containerPath + ".liveness_check", container.getLivenessCheck(), violations);
      HealthRules.checkReadiness(
          containerPath + ".readiness_check", container.getReadinessCheck(), violations);
    }
    for (int i = 0; i < pod.getInitContainersCount(); i++) {
      String containerPath = path + ".init_containers[" + i + "]";
      checkContainer(containerPath, pod.getInitContainers(i), violations);
      GroupRules.checkInitContainer(containerPath, pod.getInitContainers(i), violations);
    }
    PodRules.checkPorts(
        path + ".host_ports",
        pod.getHostPortsList(),
        customExecutor(pod.getContainers(0)),
        violations);
    GroupRules.check(path, pod, violations);
  }

  private static void checkContainer(
      String path, ContainerSpec container, List<Violation> violations) {
    PodRules.checkResources(path + ".resource", container.getResource(), violations);
    checkExecutor(path, container, violations);
    boolean custom = customExecutor(container);
    PodRules.checkPorts(path + ".ports", container.getPortsList(), custom, violations);
    PodRules.checkCommand(path, container, custom, violations);
    PodRules.checkSecrets(path, container, violations);
  }

  private static void checkExecutor(
      String path, ContainerSpec container, List<Violation> violations) {
    if (!container.hasExecutor()) {
      return;
    }
    Protos.ExecutorInfo executor = container.getExecutor();
    if (executor.getType() != Protos.ExecutorInfo.Type.CUSTOM) {
      violations.add(
          invalid(
              path + ".executor.type",
              executor.getType().name(),
              "must be CUSTOM, or leave the executor out"));
    } else if (executor.getData().isEmpty()) {
      violations.add(
          invalid(path + ".executor.data", "no data", "a custom executor needs its data"));
    }
  }

  private static boolean customExecutor(ContainerSpec container) {
    return container.getExecutor().getType() == Protos.ExecutorInfo.Type.CUSTOM;
  }

  private static void checkLabels(String path, List<Label> labels, List<Violation> violations) {
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i).getKey().isEmpty()) {
        violations.add(
            invalid(
                path + "[" + i + "].key",
                "an empty key for the value " + Violation.quote(labels.get(i).getValue()),
                "a label needs a key"));
      }
    }
  }

  private static String instancePath(int instance) {
    return "spec.instance_spec[" + Integer.toUnsignedString(instance) + "]";
  }
}
