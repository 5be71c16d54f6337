package peloton.operator.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import peloton.desired.secret.SecretKeys;
import peloton.placement.PlacementSettings;

/** What one operator process runs with; every value is within its allowed range. */
public record OperatorConfig(
    Etcd etcd,
    Listen listen,
    Mesos mesos,
    Framework framework,
    Pods pods,
    Kubernetes kubernetes,
    Pools pools,
    PlacementSettings placement,
    Optional<SecretKeys> secrets,
    Limits limits,
    Optional<Path> accessFile,
    Logging logging) {

  /** The operator with nothing set. */
  public static OperatorConfig defaults() {
    return new ConfigLoader().load();
  }

  /** Where truth is kept. */
  public record Etcd(
      List<String> endpoints,
      String prefix,
      Optional<Credentials> credentials,
      Optional<EtcdTls> tls,
      Duration requestTimeout,
      Duration leaseTtl) {
    public Etcd {
      endpoints = List.copyOf(endpoints);
    }
  }

  /**
   * TLS to etcd; files in PEM.
   *
   * @param authorities who may sign etcd's certificate
   * @param identity what to show to etcd, if it asks
   */
  public record EtcdTls(Path authorities, Optional<Identity> identity) {}

  /** A chain of certificates and its key; files in PEM. */
  public record Identity(Path certificate, Path key) {}

  /**
   * The custom resources that are served.
   *
   * @param kubeconfig of the cluster; empty for what the environment says
   * @param namespaces where they are looked for; empty for everywhere
   * @param cluster what the cluster is called in the records of owners
   */
  public record Kubernetes(
      Mode mode, Optional<Path> kubeconfig, Set<String> namespaces, String cluster) {
    /** Whether custom resources are served. */
    public enum Mode {
      /** If there is no doubt which cluster is meant. */
      AUTO,
      ON,
      OFF
    }

    public Kubernetes {
      namespaces = Set.copyOf(namespaces);
    }
  }

  /** Who to be for another server. */
  public record Credentials(String name, String secret) {
    @Override
    public String toString() {
      return name + ":***";
    }
  }

  /**
   * Where the API is served; port 0 is any free one.
   *
   * @param httpPort where health and metrics are served; empty for nowhere
   * @param tls of the API; absent for plaintext
   */
  public record Listen(
      String host,
      List<Integer> ports,
      Optional<String> advertisedAddress,
      Optional<Integer> httpPort,
      boolean reflection,
      Optional<ServerTls> tls) {
    public Listen {
      ports = List.copyOf(ports);
    }
  }

  /**
   * TLS of the API; files in PEM.
   *
   * @param clientAuthorities who signs clients' certificates; absent if clients need none
   * @param clientsMust whether clients must show one then; else they may
   */
  public record ServerTls(
      Identity identity, Optional<Path> clientAuthorities, boolean clientsMust) {}

  /**
   * How Mesos is reached.
   *
   * @param masters host:port of each
   * @param tls of all masters; absent for plain HTTP
   */
  public record Mesos(
      List<String> masters,
      Optional<Credentials> credentials,
      Optional<MesosTls> tls,
      String agentWorkDir,
      Duration backoffMin,
      Duration backoffMax) {
    public Mesos {
      masters = List.copyOf(masters);
    }
  }

  /**
   * TLS to masters; files in PEM.
   *
   * @param authorities who may sign their certificates; absent for whom Java trusts
   * @param identity what to show to them, if they ask
   */
  public record MesosTls(Optional<Path> authorities, Optional<Identity> identity) {}

  /** What the operator is to Mesos. */
  public record Framework(String name, String user, String role, Duration failoverTimeout) {}

  /** The pace at which pods are tried again. */
  public record Pods(
      Duration backoffMin,
      Duration backoffMax,
      Duration launchTimeout,
      Duration unreachableTimeout) {}

  /** The pace of resource pools. */
  public record Pools(Duration patience, Duration hold) {}

  /**
   * What is written down, and how.
   *
   * @param mutations where calls that change something are told of; absent to tell among the logs
   */
  public record Logging(String level, boolean json, Optional<Path> mutations) {}

  /** What one replica puts up with. */
  public record Limits(
      Duration staleness, int calls, int watches, int watchBuffer, Duration stop) {}
}
