package peloton.operator.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything that can be set. A setting has one name in three spellings: {@code etcd.leaseTtl} in
 * the file (nested or dotted), {@code PELOTON_ETCD_LEASE_TTL} in the environment, {@code
 * --etcd-lease-ttl} as a flag.
 */
public enum Setting {
  ETCD_ENDPOINTS("etcd.endpoints", "127.0.0.1:2379", "etcd's client addresses, host:port or URL"),
  ETCD_PREFIX("etcd.prefix", "/peloton/v1alpha/", "what every key begins with; ends with a slash"),
  ETCD_USER("etcd.user", "", "etcd user; empty for none"),
  ETCD_PASSWORD("etcd.password", "", "etcd user's password", true),
  ETCD_TLS_CA(
      "etcd.tlsCa",
      "",
      "PEM file of the authorities that may sign etcd's certificate; empty: no TLS"),
  ETCD_TLS_CERTIFICATE("etcd.tlsCertificate", "", "PEM file to show to etcd; empty for none"),
  ETCD_TLS_KEY("etcd.tlsKey", "", "PEM file of that certificate's key, PKCS 8, unencrypted"),
  ETCD_REQUEST_TIMEOUT("etcd.requestTimeout", "5s", "how long one etcd request may take"),
  ETCD_LEASE_TTL(
      "etcd.leaseTtl", "5s", "how long a leader that fell silent stays leader; 2s to 5m"),

  LISTEN_HOST("listen.host", "0.0.0.0", "address that the gRPC server binds"),
  LISTEN_PORTS(
      "listen.ports",
      "5392",
      "ports of the gRPC server, all alike; 0 is any free one. Clients of the old layout look for"
          + " resource pools at 5394 and for hosts at 5391"),
  LISTEN_ADVERTISED(
      "listen.advertisedAddress", "", "host:port that others reach this replica at; empty: guess"),
  LISTEN_HTTP_PORT(
      "listen.httpPort", "5393", "port of /livez, /readyz and /metrics; 0 is any free one; off"),
  LISTEN_REFLECTION("listen.reflection", "true", "whether clients may ask for the API's schema"),

  LISTEN_TLS_CERTIFICATE(
      "listen.tlsCertificate",
      "",
      "PEM file of the gRPC server's certificates; empty: no TLS. Read again when it changes"),
  LISTEN_TLS_KEY("listen.tlsKey", "", "PEM file of that certificate's key, PKCS 8, unencrypted"),
  LISTEN_TLS_CLIENT_CA(
      "listen.tlsClientCa",
      "",
      "PEM file of the authorities that sign clients' certificates; empty: clients need none"),
  LISTEN_TLS_CLIENTS(
      "listen.tlsClients",
      "required",
      "whether clients must show a certificate, if there are authorities: required or wanted"),

  ACCESS_FILE(
      "access.file", "", "YAML file with clients and what each may do; empty: everybody may all"),

  MESOS_MASTERS(
      "mesos.masters",
      "127.0.0.1:5050",
      "Mesos masters, host:port; with https:// before each for TLS"),
  MESOS_PRINCIPAL("mesos.principal", "", "principal to authenticate with; empty for none"),
  MESOS_SECRET("mesos.secret", "", "the principal's secret", true),
  MESOS_SECRET_FILE("mesos.secretFile", "", "file with the principal's secret, in place of it"),
  MESOS_TLS_CA("mesos.tlsCa", "", "certificates of who signs the masters', in PEM; empty: Java's"),
  MESOS_TLS_CERTIFICATE("mesos.tlsCertificate", "", "certificate shown to masters, in PEM"),
  MESOS_TLS_KEY("mesos.tlsKey", "", "its key, in PEM (PKCS 8, not encrypted)"),
  MESOS_AGENT_WORK_DIR(
      "mesos.agentWorkDir", "/var/lib/mesos", "the agents' --work_dir, to find sandboxes in"),
  MESOS_BACKOFF_MIN("mesos.backoffMin", "200ms", "pause after a subscription's first failure"),
  MESOS_BACKOFF_MAX("mesos.backoffMax", "10s", "longest pause between subscription attempts"),

  FRAMEWORK_NAME("framework.name", "Peloton", "name that Mesos shows"),
  FRAMEWORK_USER("framework.user", "root", "user that tasks run as"),
  FRAMEWORK_ROLE("framework.role", "peloton", "Mesos role that offers are made to"),
  FRAMEWORK_FAILOVER_TIMEOUT(
      "framework.failoverTimeout",
      "28d",
      "how long Mesos keeps the tasks running without an operator"),

  PODS_BACKOFF_MIN("pods.backoffMin", "30s", "pause before a failed pod's next run; doubles"),
  PODS_BACKOFF_MAX("pods.backoffMax", "60m", "longest pause before a failed pod's next run"),
  PODS_LAUNCH_TIMEOUT(
      "pods.launchTimeout", "180m", "how long Mesos may stay silent on a launch before another"),
  PODS_UNREACHABLE_TIMEOUT(
      "pods.unreachableTimeout",
      "60s",
      "how long a pod waits for an agent that Mesos cannot reach before it runs elsewhere"),

  KUBERNETES_MODE(
      "kubernetes.mode",
      "auto",
      "whether custom resources are served: on, off, or auto: inside a Kubernetes pod, or if there"
          + " is a kubernetes.kubeconfig"),
  KUBERNETES_KUBECONFIG(
      "kubernetes.kubeconfig",
      "",
      "kubeconfig file of the cluster with the custom resources; empty: that of the pod, or with"
          + " mode on $KUBECONFIG or ~/.kube/config"),
  KUBERNETES_NAMESPACES(
      "kubernetes.namespaces",
      "",
      "namespaces whose custom resources are served, with commas between; empty: all, and those"
          + " that are in no namespace"),
  KUBERNETES_CLUSTER(
      "kubernetes.cluster",
      "kubernetes",
      "name of that cluster in the records of owners; clusters that share one etcd need different"
          + " ones, and it never changes"),
  POOLS_PATIENCE(
      "pools.patience",
      "60s",
      "how long pods may pass one that waits and does not fit into its resource pool"),
  POOLS_HOLD(
      "pools.hold",
      "30s",
      "how long a resource pool must have used too much before pods are taken from it"),
  PLACEMENT_STRATEGY(
      "placement.strategy",
      "spread",
      "spread: hosts with the fewest pods of a job, then with the fewest pods; pack: as few hosts"
          + " as will do"),
  PLACEMENT_HOST_POOL(
      "placement.hostPool",
      "",
      "pods that name no host pool go only to agents with the attribute host_pool of this value;"
          + " empty: to all"),

  SECRETS_KEYS(
      "secrets.keys",
      "",
      "keys that secrets of jobs are sealed with in etcd, id=base64 of 32 bytes, with commas"
          + " between; the first seals, all open; empty: no secrets",
      true),

  LIMITS_STALENESS(
      "limits.staleness", "10s", "reads fail once etcd was not heard of for this long"),
  LIMITS_CALLS("limits.calls", "1000", "most calls in hand at one time, watches not counted"),
  LIMITS_WATCHES("limits.watches", "1000", "most watches at one time"),
  LIMITS_WATCH_BUFFER(
      "limits.watchBuffer", "100", "messages kept for a watcher that does not keep up"),
  LIMITS_STOP("limits.stop", "5s", "how long calls may take to finish when the operator stops"),

  LOG_LEVEL("log.level", "info", "error, warn, info, debug or trace"),
  LOG_FORMAT("log.format", "text", "text for people, json for programs"),
  LOG_MUTATIONS(
      "log.mutations",
      "",
      "file for a line of JSON for each call that changes something; empty: among the other logs");

  private final String key;
  private final String preset;
  private final String description;
  private final boolean secret;

  Setting(String key, String preset, String description) {
    this(key, preset, description, false);
  }

  Setting(String key, String preset, String description, boolean secret) {
    this.key = key;
    this.preset = preset;
    this.description = description;
    this.secret = secret;
  }

  /** The name in the file, such as {@code etcd.leaseTtl}. */
  public String key() {
    return key;
  }

  /** The value that holds when nobody sets one, as it would be written. */
  public String preset() {
    return preset;
  }

  public String description() {
    return description;
  }

  /** Whether the value must not be shown. */
  public boolean secret() {
    return secret;
  }

  /** The environment variable, such as {@code PELOTON_ETCD_LEASE_TTL}. */
  public String variable() {
    return "PELOTON_" + words("_").toUpperCase(Locale.ROOT);
  }

  /** The flag, such as {@code --etcd-lease-ttl}. */
  public String flag() {
    return "--" + words("-").toLowerCase(Locale.ROOT);
  }

  public static Optional<Setting> byKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  public static Optional<Setting> byFlag(String flag) {
    return Arrays.stream(values()).filter(setting -> setting.flag().equals(flag)).findFirst();
  }

  private String words(String separator) {
    return key.replace(".", separator).replaceAll("([a-z])([A-Z])", "$1" + separator + "$2");
  }
}
