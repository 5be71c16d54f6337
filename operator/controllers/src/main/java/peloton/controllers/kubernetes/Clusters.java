package peloton.controllers.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which Kubernetes cluster to connect to. */
public final class Clusters {
  /** Where Kubernetes puts the credentials of a pod. */
  private static final Path IN_POD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  private static final String USER_AGENT = "peloton-operator";

  private Clusters() {}

  /** Whether this process runs in a pod that may speak to its cluster. */
  public static boolean inPod() {
    return Files.isReadable(IN_POD);
  }

  /**
   * Prepares a connection; it is made by the first request.
   *
   * @param kubeconfig of the cluster; empty for what the environment says
   * @throws IllegalArgumentException if the file cannot be read or understood
   */
  public static KubernetesClient connect(Optional<Path> kubeconfig) {
    Config config =
        kubeconfig
            .map(
                file -> {
                  if (!Files.isReadable(file)) {
                    throw new IllegalArgumentException(file + " cannot be read");
                  }
                  return Config.fromKubeconfig(file.toFile());
                })
            .orElseGet(() -> Config.autoConfigure(null));
    return new KubernetesClientBuilder()
        .withConfig(new ConfigBuilder(config).withUserAgent(USER_AGENT).build())
        .build();
  }
}
