package peloton.scenario;

import java.util.List;
import java.util.Random;
import org.apache.mesos.v1.Protos.ContainerInfo;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.RestartSpec;
import peloton.api.v1alpha.job.stateless.Stateless.SlaSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.pod.Pod.HealthCheckSpec;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.Pod.PodSpec;

/** What a client who asks at random asks for. */
final class RandomSpecs {
  /** Tasks with this command fail as soon as they run. */
  static final String BAD = "bad";

  private static final List<String> COMMANDS = List.of("v1", "v2", "v3", BAD);

  private final Random random;
  private final int mostInstances;

  RandomSpecs(Random random, int mostInstances) {
    this.random = random;
    this.mostInstances = mostInstances;
  }

  JobSpec job() {
    JobSpec.Builder spec =
        JobSpec.newBuilder()
            .setName("web")
            .setInstanceCount(random.nextInt(mostInstances + 1))
            .setDefaultSpec(pod());
    for (int i = 0; i < random.nextInt(3); i++) {
      spec.putInstanceSpec(instance(), pod());
    }
    if (random.nextInt(3) > 0) {
      spec.setSla(SlaSpec.newBuilder().setMaximumUnavailableInstances(1 + random.nextInt(2)));
    }
    return spec.build();
  }

  /** Something of a job that is to change. */
  JobSpec patch() {
    JobSpec.Builder patch = JobSpec.newBuilder();
    switch (random.nextInt(4)) {
      case 0 -> patch.setInstanceCount(1 + random.nextInt(mostInstances));
      case 1 -> patch.setDefaultSpec(command());
      case 2 -> patch.putInstanceSpec(instance(), command());
      default -> patch.setDescription("patch " + random.nextInt(3));
    }
    return patch.build();
  }

  private PodSpec command() {
    PodSpec.Builder pod = PodSpec.newBuilder();
    pod.addContainersBuilder().getCommandBuilder().setShell(true).setValue(anyCommand());
    return pod.build();
  }

  private PodSpec pod() {
    PodSpec.Builder spec = World.pod(anyCommand(), random.nextInt(6) == 0 ? 2 : 1).toBuilder();
    if (random.nextInt(3) == 0) {
      spec.getContainersBuilder(0)
          .setLivenessCheck(
              HealthCheckSpec.newBuilder()
                  .setEnabled(true)
                  .setType(HealthCheckSpec.HealthCheckType.HEALTH_CHECK_TYPE_COMMAND)
                  .setCommandCheck(HealthCheckSpec.CommandCheck.newBuilder().setCommand("true")));
    }
    spec.getContainersBuilder(0)
        .setContainer(ContainerInfo.newBuilder().setType(ContainerInfo.Type.MESOS));
    return spec.build();
  }

  private String anyCommand() {
    return COMMANDS.get(random.nextInt(random.nextInt(3) == 0 ? 4 : 3));
  }

  UpdateSpec update() {
    return UpdateSpec.newBuilder()
        .setBatchSize(random.nextInt(4))
        .setMaxInstanceRetries(random.nextInt(3))
        .setMaxTolerableInstanceFailures(random.nextInt(3))
        .setRollbackOnFailure(random.nextBoolean())
        .setStartPaused(random.nextInt(8) == 0)
        .setInPlace(random.nextInt(4) == 0)
        .setStartPods(random.nextInt(6) == 0)
        .build();
  }

  RestartSpec restart() {
    RestartSpec.Builder restart =
        RestartSpec.newBuilder().setBatchSize(random.nextInt(3)).setInPlace(random.nextInt(4) == 0);
    for (int i = 0; i < random.nextInt(3); i++) {
      int from = instance();
      restart.addRanges(
          InstanceIDRange.newBuilder().setFrom(from).setTo(from + 1 + random.nextInt(3)));
    }
    return restart.build();
  }

  int instance() {
    return random.nextInt(mostInstances);
  }
}
