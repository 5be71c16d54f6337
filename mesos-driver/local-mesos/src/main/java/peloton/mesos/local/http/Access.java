package peloton.mesos.local.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

/**
 * Who may speak to a local Mesos, and how.
 *
 * @param credential what every request to the master and to agents has to carry; empty for no
 *     authentication
 * @param tls what to prove with who we are; empty for plain HTTP
 * @param control whether tests may steer it at {@code /local/control}
 */
public record Access(Optional<Credential> credential, Optional<Tls> tls, boolean control) {

  /** Plain HTTP for anybody, without control. */
  public static final Access OPEN = new Access(Optional.empty(), Optional.empty(), false);

  /**
   * A name and its secret, sent by HTTP Basic.
   *
   * @param principal without a colon, which ends it in HTTP Basic
   */
  public record Credential(String principal, String secret) {

    public Credential {
      if (principal.isEmpty() || principal.indexOf(':') >= 0) {
        throw new IllegalArgumentException(
            "principal: '" + principal + "' must not be empty and not hold a colon");
      }
    }

    /** Whether the value of an Authorization header proves it. */
    boolean isProvenBy(Optional<String> authorization) {
      byte[] pair = (principal + ":" + secret).getBytes(StandardCharsets.UTF_8);
      byte[] expected =
          ("Basic " + Base64.getEncoder().encodeToString(pair)).getBytes(StandardCharsets.UTF_8);
      return MessageDigest.isEqual(
          expected, authorization.orElse("").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "Credential[principal=" + principal + ", secret=...]";
    }
  }

  /**
   * PEM files.
   *
   * @param certificates our own, and those that it is signed by
   * @param key its private key, PKCS #8 without a password
   */
  public record Tls(Path certificates, Path key) {}
}
