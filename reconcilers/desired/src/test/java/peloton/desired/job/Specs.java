package peloton.desired.job;

import java.util.function.Consumer;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.pod.Pod.CommandSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.Environment;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos;

/** Specifications for tests. */
public final class Specs {
  private Specs() {}

  /** A valid job of three instances in a pool. */
  public static JobSpec job(String pool) {
    JobSpec.Builder job =
        JobSpec.newBuilder().setName("web").setInstanceCount(3).setDefaultSpec(pod());
    job.getRespoolIdBuilder().setValue(pool);
    return job.build();
  }

  static JobSpec job(Consumer<JobSpec.Builder> change) {
    JobSpec.Builder job = job("pool").toBuilder();
    change.accept(job);
    return job.build();
  }

  /** A pod that says what it runs in parts. */
  static PodSpec pod() {
    return PodSpec.newBuilder()
        .addContainers(
            ContainerSpec.newBuilder()
                .setName("main")
                .setResource(
                    ResourceSpec.newBuilder().setCpuLimit(1).setMemLimitMb(64).setDiskLimitMb(10))
                .setEntrypoint(CommandSpec.newBuilder().setValue("serve").addArguments("-v"))
                .addEnvironment(environment("COLOR", "blue"))
                .addPorts(port("http", "HTTP_PORT")))
        .setMesosSpec(Apachemesos.PodSpec.newBuilder().setShell(true))
        .addLabels(label("tier", "front"))
        .build();
  }

  static PodSpec pod(Consumer<PodSpec.Builder> change) {
    PodSpec.Builder pod = pod().toBuilder();
    change.accept(pod);
    return pod.build();
  }

  static PodSpec container(Consumer<ContainerSpec.Builder> change) {
    return pod(pod -> change.accept(pod.getContainersBuilder(0)));
  }

  static Label label(String key, String value) {
    return Label.newBuilder().setKey(key).setValue(value).build();
  }

  static Environment environment(String name, String value) {
    return Environment.newBuilder().setName(name).setValue(value).build();
  }

  static PortSpec port(String name, String environment) {
    return PortSpec.newBuilder().setName(name).setEnvName(environment).build();
  }
}
