package peloton.operator.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import peloton.loop.FrameworkSettings;
import peloton.loop.LoopSettings;
import peloton.loop.PoolSettings;
import peloton.mesos.driver.Credential;
import peloton.mesos.driver.DriverSettings;
import peloton.mesos.driver.MasterAddress;
import peloton.mesos.driver.MasterTls;
import peloton.mesos.driver.StaticMasters;
import peloton.operator.config.OperatorConfig;
import peloton.operator.sandbox.AgentDirectory;
import peloton.pod.Backoff;
import peloton.store.etcd.EtcdSettings;

/** Says the operator's configuration in the words of its parts. */
final class Translation {
  private Translation() {}

  static EtcdSettings etcd(OperatorConfig.Etcd config) {
    EtcdSettings plain =
        EtcdSettings.of(config.endpoints()).withRequestTimeout(config.requestTimeout());
    EtcdSettings settings = config.tls().map(tls -> plain.withTls(tls(tls))).orElse(plain);
    return config
        .credentials()
        .map(user -> settings.withLogin(new EtcdSettings.Login(user.name(), user.secret())))
        .orElse(settings);
  }

  private static EtcdSettings.Tls tls(OperatorConfig.EtcdTls config) {
    return new EtcdSettings.Tls(
        Optional.of(config.authorities()),
        config.identity().map(id -> new EtcdSettings.Identity(id.certificate(), id.key())));
  }

  /**
   * Reads the files of TLS.
   *
   * @throws IOException if one cannot be read or does not hold what it should
   */
  static DriverSettings driver(OperatorConfig.Mesos config) throws IOException {
    DriverSettings preset =
        DriverSettings.of(
            new StaticMasters(config.masters().stream().map(MasterAddress::parse).toList()));
    DriverSettings plain =
        preset.withTimes(
            preset.connectTimeout(),
            preset.responseTimeout(),
            config.backoffMin(),
            config.backoffMax(),
            preset.refusedBackoff());
    DriverSettings settings =
        config.tls().isPresent() ? plain.withTls(tls(config.tls().get())) : plain;
    return config
        .credentials()
        .map(user -> settings.withCredential(new Credential(user.name(), user.secret())))
        .orElse(settings);
  }

  private static MasterTls tls(OperatorConfig.MesosTls config) throws IOException {
    return MasterTls.of(
        config.authorities(),
        config.identity().map(id -> new MasterTls.Identity(id.certificate(), id.key())));
  }

  /** The first of the masters. */
  static AgentDirectory.AgentAddress master(OperatorConfig.Mesos config) {
    MasterAddress master = MasterAddress.parse(config.masters().get(0));
    return new AgentDirectory.AgentAddress(master.host(), master.port());
  }

  static LoopSettings loops(OperatorConfig config) {
    FrameworkSettings framework =
        new FrameworkSettings(
            config.framework().name(),
            config.framework().user(),
            config.framework().role(),
            config.framework().failoverTimeout(),
            config.mesos().credentials().map(OperatorConfig.Credentials::name),
            "");
    return LoopSettings.defaults(framework)
        .withRetries(
            new Backoff(config.pods().backoffMin(), config.pods().backoffMax()),
            config.pods().launchTimeout(),
            config.pods().unreachableTimeout())
        .withPools(new PoolSettings(config.pools().patience(), config.pools().hold()))
        .withPlacement(config.placement());
  }

  /** Where others reach this replica: as configured, else by this machine's name. */
  static String advertised(OperatorConfig.Listen config, int port) {
    return config.advertisedAddress().orElseGet(() -> host(config.host()) + ":" + port);
  }

  private static String host(String bound) {
    if (!bound.equals("0.0.0.0") && !bound.equals("::")) {
      return bound;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return bound;
    }
  }
}
