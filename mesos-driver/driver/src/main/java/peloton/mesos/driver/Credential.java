package peloton.mesos.driver;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/**
 * What the framework authenticates with, by HTTP Basic on every request.
 *
 * @param principal not empty and without a colon, which ends it in HTTP Basic
 * @param secret kept out of {@link #toString}
 */
public record Credential(String principal, String secret) {

  /** Checks the principal. */
  public Credential {
    Objects.requireNonNull(secret, "secret");
    if (principal.isEmpty() || principal.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "the Mesos principal \"" + principal + "\" must not be empty and not hold a colon");
    }
  }

  String basicAuthorization() {
    byte[] pair = (principal + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  public String toString() {
    return "Credential[principal=" + principal + ", secret=...]";
  }
}
