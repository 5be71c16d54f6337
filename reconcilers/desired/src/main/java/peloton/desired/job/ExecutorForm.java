package peloton.desired.job;

import java.util.Optional;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.ExecutorSpec;

/** The two ways in which a pod asks for an executor: a Mesos executor, or its parts. */
final class ExecutorForm {
  private static final String CPUS = "cpus";
  private static final String MEMORY = "mem";

  private ExecutorForm() {}

  /** The Mesos executor that the parts describe; none if they name no type. */
  static Optional<ExecutorInfo> fromParts(Apachemesos.PodSpec mesos) {
    ExecutorSpec spec = mesos.getExecutorSpec();
    ExecutorInfo.Builder executor = ExecutorInfo.newBuilder();
    switch (spec.getType()) {
      case EXECUTOR_TYPE_CUSTOM -> executor.setType(ExecutorInfo.Type.CUSTOM);
      case EXECUTOR_TYPE_DEFAULT -> executor.setType(ExecutorInfo.Type.DEFAULT);
      case EXECUTOR_TYPE_INVALID, UNRECOGNIZED -> {
        return Optional.empty();
      }
    }
    executor.getExecutorIdBuilder().setValue(spec.getExecutorId());
    if (!spec.getData().isEmpty()) {
      executor.setData(spec.getData());
    }
    add(executor, CPUS, spec.getResources().getCpu());
    add(executor, MEMORY, spec.getResources().getMemMb());
    return Optional.of(executor.build());
  }

  /** Says in parts what the Mesos executor says. */
  static void toParts(ExecutorInfo executor, Apachemesos.PodSpec.Builder mesos) {
    ExecutorSpec.Builder spec = mesos.clearExecutorSpec().getExecutorSpecBuilder();
    spec.setType(
        switch (executor.getType()) {
          case CUSTOM -> ExecutorSpec.ExecutorType.EXECUTOR_TYPE_CUSTOM;
          case DEFAULT -> ExecutorSpec.ExecutorType.EXECUTOR_TYPE_DEFAULT;
          case UNKNOWN -> ExecutorSpec.ExecutorType.EXECUTOR_TYPE_INVALID;
        });
    spec.setExecutorId(executor.getExecutorId().getValue()).setData(executor.getData());
    for (Resource resource : executor.getResourcesList()) {
      if (resource.getName().equals(CPUS)) {
        spec.getResourcesBuilder().setCpu(resource.getScalar().getValue());
      } else if (resource.getName().equals(MEMORY)) {
        spec.getResourcesBuilder().setMemMb(resource.getScalar().getValue());
      }
    }
  }

  private static void add(ExecutorInfo.Builder executor, String name, double amount) {
    if (amount > 0) {
      executor
          .addResourcesBuilder()
          .setName(name)
          .setType(Value.Type.SCALAR)
          .getScalarBuilder()
          .setValue(amount);
    }
  }
}
