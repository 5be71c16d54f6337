package peloton.operator.process;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.controllers.kubernetes.Clusters;
import peloton.controllers.kubernetes.KubernetesControllers;
import peloton.operator.config.OperatorConfig;
import peloton.operator.config.OperatorConfig.Kubernetes.Mode;
import peloton.store.election.Term;

/** Leads by serving custom resources as well, if there is a Kubernetes cluster to serve. */
final class KubernetesLeadership implements Leadership, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KubernetesLeadership.class);

  private final Optional<KubernetesClient> client;
  private final KubernetesControllers.Settings settings;
  private final KubernetesControllers.Parts parts;
  private Optional<KubernetesControllers> current = Optional.empty();

  private KubernetesLeadership(
      Optional<KubernetesClient> client,
      KubernetesControllers.Settings settings,
      KubernetesControllers.Parts parts) {
    this.client = client;
    this.settings = settings;
    this.parts = parts;
  }

  /**
   * Finds out about the cluster; nothing is asked of it before this process leads.
   *
   * @throws IllegalArgumentException if the kubeconfig cannot be used
   */
  static KubernetesLeadership of(
      OperatorConfig.Kubernetes config, KubernetesControllers.Parts parts) {
    KubernetesControllers.Settings settings =
        new KubernetesControllers.Settings(config.cluster(), config.namespaces());
    boolean wanted =
        config.mode() == Mode.ON
            || config.mode() == Mode.AUTO && (config.kubeconfig().isPresent() || Clusters.inPod());
    if (!wanted) {
      log.info(
          "custom resources are not served: {}",
          config.mode() == Mode.OFF
              ? "kubernetes.mode is off"
              : "this is no Kubernetes pod, and kubernetes.kubeconfig is not set");
      return new KubernetesLeadership(Optional.empty(), settings, parts);
    }
    KubernetesClient client = Clusters.connect(config.kubeconfig());
    log.info("custom resources of {} are served while this replica leads", client.getMasterUrl());
    return new KubernetesLeadership(Optional.of(client), settings, parts);
  }

  @Override
  public void begin(Term term) {
    current = client.map(there -> KubernetesControllers.start(there, settings, parts));
  }

  @Override
  public void end(String why) {
    Optional<KubernetesControllers> last = current;
    current = Optional.empty();
    last.ifPresent(KubernetesControllers::close);
  }

  @Override
  public void close() {
    client.ifPresent(KubernetesClient::close);
  }
}
