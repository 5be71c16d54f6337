package peloton.command.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import peloton.command.cluster.ApiServerProcess;
import peloton.command.cluster.ClusterException;

/**
 * A Kubernetes API server with role-based access and an audit log. There are no nodes and none of
 * Kubernetes' controllers: what is applied stays as it is, and nothing is collected as garbage.
 */
public final class ApiServer implements AutoCloseable {
  private static final String ADMIN = "admin";

  private final Path directory;
  private final KubernetesTools tools;
  private final String adminToken = UUID.randomUUID().toString();
  private final ApiServerProcess process;

  /**
   * Prepares a server; {@link #start} starts it.
   *
   * @param directory for certificates, kubeconfig files and logs
   * @param etcd host:port; it keeps its records below /registry
   */
  public ApiServer(Path directory, KubernetesTools tools, String etcd) {
    this.directory = directory.toAbsolutePath();
    this.tools = tools;
    Path key = file("service-accounts.key");
    write(key, privateKey());
    write(file("tokens.csv"), adminToken + "," + ADMIN + "," + ADMIN + ",\"system:masters\"\n");
    write(
        file("audit.yaml"),
        """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
          - level: Metadata
        """);
    process =
        new ApiServerProcess(
            this.directory,
            List.of(
                tools.program("kube-apiserver").toString(),
                "--etcd-servers=http://" + etcd,
                "--cert-dir=" + file("certificates"),
                "--token-auth-file=" + file("tokens.csv"),
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                "--service-cluster-ip-range=10.96.0.0/24",
                // Its default accounts come from a controller that is not there.
                "--disable-admission-plugins=ServiceAccount",
                "--audit-policy-file=" + file("audit.yaml"),
                "--audit-log-path=" + auditLog()));
  }

  /**
   * Starts it, or starts it again; returns when it is ready.
   *
   * @throws ClusterException if it is not within a minute
   */
  public void start() {
    Path config = adminConfig();
    if (!Files.exists(config)) {
      write(config, config(ADMIN, adminToken));
    }
    process.start(() -> admin().run("get", "--raw", "/readyz").code() == 0);
  }

  /** Kills it with SIGKILL. */
  public void kill() {
    process.kill();
  }

  /** kubectl as a user who may do everything. */
  public Kubectl admin() {
    return as(adminConfig());
  }

  /** A connection as a user who may do everything. */
  public ApiServerClient client() {
    return new ApiServerClient("https://127.0.0.1:" + process.port(), certificate(), adminToken);
  }

  /** kubectl as whoever a kubeconfig file says. */
  public Kubectl as(Path config) {
    return new Kubectl(tools.program("kubectl"), config);
  }

  /** The kubeconfig file of a user who may do everything. */
  public Path adminConfig() {
    return file(ADMIN + ".kubeconfig");
  }

  /**
   * Makes a kubeconfig file for a service account, which must exist; its token is good for a day.
   *
   * @throws ClusterException if there is none
   */
  public Path configOf(String namespace, String serviceAccount) {
    Kubectl.Result token =
        admin().run("create", "token", serviceAccount, "--namespace", namespace, "--duration=24h");
    if (token.code() != 0) {
      throw new ClusterException("no token for " + serviceAccount + ": " + token.all());
    }
    Path config = file(serviceAccount + ".kubeconfig");
    write(config, config(serviceAccount, token.out().strip()));
    return config;
  }

  /** What was asked of the server and by whom, one JSON object a line. */
  public Path auditLog() {
    return file("audit.log");
  }

  @Override
  public void close() {
    process.close();
  }

  private String config(String user, String token) {
    return """
        apiVersion: v1
        kind: Config
        clusters:
          - name: local
            cluster:
              server: https://127.0.0.1:%d
              certificate-authority: %s
        users:
          - name: %s
            user: {token: %s}
        contexts:
          - name: local
            context: {cluster: local, user: %s}
        current-context: local
        """
        .formatted(process.port(), certificate(), user, token, user);
  }

  private Path certificate() {
    return file("certificates").resolve("apiserver.crt");
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private static String privateKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
      return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
