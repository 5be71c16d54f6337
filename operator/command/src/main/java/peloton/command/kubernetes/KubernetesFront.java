package peloton.command.kubernetes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import peloton.command.cluster.ClusterException;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;

/**
 * An API server whose custom resources the operator of a local cluster serves, as the service
 * account and with the rights that the manifests give it. It keeps its records in an etcd of its
 * own, as in real life, and is started before the operator.
 */
public final class KubernetesFront implements AutoCloseable {
  /** Where the manifests put the operator. */
  public static final String NAMESPACE = "peloton-system";

  /** Who the operator is there. */
  public static final String ACCOUNT = "peloton-operator";

  private final LocalCluster store;
  private final ApiServer server;
  private final Path manifests;

  /**
   * Prepares it; {@link #start} starts it.
   *
   * @param cluster made with {@link #served} settings
   * @param manifests the folder that the operator is installed from
   */
  public KubernetesFront(LocalCluster cluster, KubernetesTools tools, Path manifests) {
    Path folder = folder(cluster.directory());
    this.store = new LocalCluster(ClusterSettings.in(folder.resolve("store")));
    this.server = new ApiServer(folder, tools, store.etcdAddress());
    this.manifests = manifests;
  }

  /** Settings with which the operator serves the custom resources. */
  public static ClusterSettings served(ClusterSettings settings) {
    List<String> flags = new ArrayList<>(settings.operatorFlags());
    flags.add("--kubernetes-mode=on");
    flags.add(
        "--kubernetes-kubeconfig=" + folder(settings.directory()).resolve(ACCOUNT + ".kubeconfig"));
    return settings.withOperatorFlags(flags);
  }

  /**
   * Starts the API server and installs what the base of the manifests holds.
   *
   * @throws ClusterException if that cannot be done
   */
  public void start() {
    store.startEtcd();
    server.start();
    require("apply", "--server-side", "-k", manifests.resolve("base").toString());
    require("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
    server.configOf(NAMESPACE, ACCOUNT);
  }

  /** The API server. */
  public ApiServer server() {
    return server;
  }

  /** kubectl as an administrator. */
  public Kubectl kubectl() {
    return server.admin();
  }

  @Override
  public void close() {
    server.close();
    store.close();
  }

  private void require(String... arguments) {
    Kubectl.Result result = server.admin().run(arguments);
    if (result.code() != 0) {
      throw new ClusterException("the manifests cannot be applied: " + result.all());
    }
  }

  private static Path folder(Path directory) {
    return directory.resolve("kubernetes");
  }
}
