package peloton.store.etcd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to reach etcd.
 *
 * @param endpoints {@code host:port} of each member; the client stays with one and goes to the next
 *     when that one fails. An IPv6 address stands in brackets.
 * @param requestTimeout after which a call fails, more than 0; for a range of many pages it counts
 *     for each page
 * @param keepAlive how long a connection may be silent before it is probed, at least 10 s (gRPC
 *     allows no less, and etcd closes connections that probe more often than every 5 s)
 * @param keepAliveTimeout how long the answer to a probe may take
 * @param watchCheck how often a watch asks etcd for a sign of life; after three silent ones it is
 *     opened again
 * @param maxInboundBytes the largest answer that is taken
 * @param tls present to speak TLS
 * @param login present to authenticate by name and password
 */
public record EtcdSettings(
    List<String> endpoints,
    Duration requestTimeout,
    Duration keepAlive,
    Duration keepAliveTimeout,
    Duration watchCheck,
    int maxInboundBytes,
    Optional<Tls> tls,
    Optional<Login> login) {

  public EtcdSettings {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("etcd endpoints: none given; name at least one host:port");
    }
    endpoints.forEach(Endpoint::parse);
    requirePositive("request timeout", requestTimeout);
    requirePositive("keep-alive timeout", keepAliveTimeout);
    requirePositive("watch check", watchCheck);
    if (keepAlive.compareTo(Duration.ofSeconds(10)) < 0) {
      throw new IllegalArgumentException(
          "etcd keep-alive: " + keepAlive + " given; at least 10 s are allowed");
    }
    if (maxInboundBytes < 4 << 20) {
      throw new IllegalArgumentException(
          "etcd max inbound bytes: " + maxInboundBytes + " given; at least 4 MiB are needed");
    }
  }

  /** The defaults: 5 s for a request, 64 MiB for an answer, no TLS, no login. */
  public static EtcdSettings of(List<String> endpoints) {
    return new EtcdSettings(
        endpoints,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        64 << 20,
        Optional.empty(),
        Optional.empty());
  }

  public EtcdSettings withRequestTimeout(Duration timeout) {
    return new EtcdSettings(
        endpoints, timeout, keepAlive, keepAliveTimeout, watchCheck, maxInboundBytes, tls, login);
  }

  public EtcdSettings withWatchCheck(Duration interval) {
    return new EtcdSettings(
        endpoints,
        requestTimeout,
        keepAlive,
        keepAliveTimeout,
        interval,
        maxInboundBytes,
        tls,
        login);
  }

  public EtcdSettings withTls(Tls files) {
    return new EtcdSettings(
        endpoints,
        requestTimeout,
        keepAlive,
        keepAliveTimeout,
        watchCheck,
        maxInboundBytes,
        Optional.of(files),
        login);
  }

  public EtcdSettings withLogin(Login user) {
    return new EtcdSettings(
        endpoints,
        requestTimeout,
        keepAlive,
        keepAliveTimeout,
        watchCheck,
        maxInboundBytes,
        tls,
        Optional.of(user));
  }

  /**
   * Files in PEM.
   *
   * @param trusted certificates of the authorities that may sign etcd's; absent for the JDK's own
   * @param identity present for mutual TLS
   */
  public record Tls(Optional<Path> trusted, Optional<Identity> identity) {}

  /**
   * What this client shows of itself: a chain of certificates and its key (PKCS 8, unencrypted).
   */
  public record Identity(Path certificates, Path key) {}

  /** A user of etcd's own authentication. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return "Login[user=" + user + "]";
    }
  }

  private static void requirePositive(String what, Duration given) {
    if (given.isZero() || given.isNegative()) {
      throw new IllegalArgumentException("etcd " + what + ": " + given + " given; must be above 0");
    }
  }
}
