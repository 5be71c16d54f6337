package peloton.controllers.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.util.Base64;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.ExecutorInfo;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.ContainerType;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.ExecutorSpec;
import peloton.api.v1alpha.pod.apachemesos.Apachemesos.PodSpec.NetworkSpec;
import peloton.crds.pod.Containerizer;
import peloton.crds.pod.Executor;
import peloton.crds.pod.ExecutorType;
import peloton.crds.pod.FetchedUri;
import peloton.crds.pod.MesosForm;
import peloton.crds.pod.MesosSettings;
import peloton.crds.pod.Network;
import peloton.crds.pod.NetworkType;

/** What is said in the terms of Mesos, of a pod and of a container. */
final class MesosMapper {
  private final Problems problems;

  MesosMapper(Problems problems) {
    this.problems = problems;
  }

  PodSpec.Builder settings(String path, MesosSettings given) {
    PodSpec.Builder settings = PodSpec.newBuilder().setShell(Given.flag(given.shell()));
    problems
        .constant(Containerizer.class, path + ".containerizer", given.containerizer())
        .ifPresent(
            containerizer ->
                settings.setType(
                    switch (containerizer) {
                      case Docker -> ContainerType.CONTAINER_TYPE_DOCKER;
                      case Mesos -> ContainerType.CONTAINER_TYPE_MESOS;
                    }));
    given
        .dockerParameters()
        .forEach(
            parameter ->
                settings
                    .addDockerParametersBuilder()
                    .setKey(Given.text(parameter.key()))
                    .setValue(Given.text(parameter.value())));
    given.uris().forEach(uri -> settings.addUris(uri(uri)));
    if (given.executor() != null) {
      settings.setExecutorSpec(executor(path + ".executor", given.executor()));
    }
    if (given.network() != null) {
      settings.setNetworkSpec(network(path + ".network", given.network()));
    }
    return settings;
  }

  void form(String path, MesosForm given, ContainerSpec.Builder container) {
    if (given.container() != null) {
      ContainerInfo.Builder info = ContainerInfo.newBuilder();
      if (merge(path + ".container", given.container(), info)) {
        container.setContainer(info.build());
      }
    }
    if (given.command() != null) {
      CommandInfo.Builder info = CommandInfo.newBuilder();
      if (merge(path + ".command", given.command(), info)) {
        container.setCommand(info.build());
      }
    }
    if (given.executor() != null) {
      ExecutorInfo.Builder info = ExecutorInfo.newBuilder();
      if (merge(path + ".executor", given.executor(), info)) {
        container.setExecutor(info.build());
      }
    }
  }

  private boolean merge(String path, ObjectNode json, Message.Builder builder) {
    String type = "mesos.v1." + builder.getDescriptorForType().getName();
    try {
      JsonFormat.parser().merge(json.toString(), builder);
    } catch (InvalidProtocolBufferException e) {
      problems.add(path, "what is no " + type, String.valueOf(e.getMessage()));
      return false;
    }
    if (!builder.isInitialized()) {
      problems.add(
          path,
          "a " + type + " without " + builder.getInitializationErrorString(),
          "these fields are required");
      return false;
    }
    return true;
  }

  private static PodSpec.URI uri(FetchedUri given) {
    return PodSpec.URI
        .newBuilder()
        .setValue(Given.text(given.value()))
        .setExecutable(Given.flag(given.executable()))
        .setExtract(Given.flag(given.extract()))
        .setCache(Given.flag(given.cache()))
        .setOutputFile(Given.text(given.outputFile()))
        .build();
  }

  private ExecutorSpec executor(String path, Executor given) {
    ExecutorSpec.Builder executor =
        ExecutorSpec.newBuilder().setExecutorId(Given.text(given.executorId()));
    problems
        .constant(ExecutorType.class, path + ".type", given.type())
        .ifPresent(
            type ->
                executor.setType(
                    switch (type) {
                      case Default -> ExecutorSpec.ExecutorType.EXECUTOR_TYPE_DEFAULT;
                      case Custom -> ExecutorSpec.ExecutorType.EXECUTOR_TYPE_CUSTOM;
                    }));
    if (given.data() != null) {
      try {
        executor.setData(ByteString.copyFrom(Base64.getDecoder().decode(given.data())));
      } catch (IllegalArgumentException notBase64) {
        problems.add(path + ".data", given.data().length() + " characters", "must be base64");
      }
    }
    if (given.resources() != null) {
      executor
          .getResourcesBuilder()
          .setCpu(Amounts.count(given.resources().cpu(), path + ".resources.cpu", problems))
          .setMemMb(
              Amounts.megabytes(given.resources().memory(), path + ".resources.memory", problems));
    }
    return executor.build();
  }

  private NetworkSpec network(String path, Network given) {
    NetworkSpec.Builder network = NetworkSpec.newBuilder().setName(Given.text(given.name()));
    problems
        .constant(NetworkType.class, path + ".type", given.type())
        .ifPresent(
            type ->
                network.setType(
                    switch (type) {
                      case Host -> NetworkSpec.NetworkType.NETWORK_TYPE_HOST;
                      case Bridge -> NetworkSpec.NetworkType.NETWORK_TYPE_BRIDGE;
                      case None -> NetworkSpec.NetworkType.NETWORK_TYPE_NONE;
                      case User -> NetworkSpec.NetworkType.NETWORK_TYPE_USER;
                    }));
    return network.build();
  }
}
