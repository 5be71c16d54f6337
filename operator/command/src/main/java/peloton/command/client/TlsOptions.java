package peloton.command.client;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import peloton.command.CommandException;
import picocli.CommandLine.Option;

/** How the server is spoken to: plaintext, unless one of these says whom to trust. */
public final class TlsOptions {
  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description =
          "Speak TLS to a server whose certificate these authorities signed (PEM); default"
              + " $PELOTON_TLS_CA.")
  private String authorities;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description =
          "The certificate to show to the server (PEM); default $PELOTON_TLS_CERTIFICATE.")
  private String certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "That certificate's key (PEM, PKCS 8); default $PELOTON_TLS_KEY.")
  private String key;

  /** What these options ask for, with those of {@code outer} where these are silent. */
  ChannelCredentials resolve(TlsOptions outer, Map<String, String> environment) {
    Optional<Path> trusted =
        first(authorities, outer.authorities, environment.get("PELOTON_TLS_CA"));
    Optional<Path> shown =
        first(certificate, outer.certificate, environment.get("PELOTON_TLS_CERTIFICATE"));
    Optional<Path> secret = first(key, outer.key, environment.get("PELOTON_TLS_KEY"));
    if (shown.isPresent() != secret.isPresent()) {
      throw CommandException.usage("--tls-certificate and --tls-key belong together: give both");
    }
    if (trusted.isEmpty()) {
      if (shown.isPresent()) {
        throw CommandException.usage("--tls-certificate needs --tls-ca, which turns TLS on");
      }
      return InsecureChannelCredentials.create();
    }
    return credentials(trusted.get(), shown, secret);
  }

  private static ChannelCredentials credentials(
      Path trusted, Optional<Path> shown, Optional<Path> secret) {
    TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
    try {
      builder.trustManager(trusted.toFile());
      if (shown.isPresent() && secret.isPresent()) {
        builder.keyManager(shown.get().toFile(), secret.get().toFile());
      }
    } catch (IOException e) {
      throw CommandException.usage("a file for TLS cannot be read: " + e.getMessage());
    }
    return builder.build();
  }

  private static Optional<Path> first(String... given) {
    return Stream.of(given)
        .filter(Objects::nonNull)
        .filter(text -> !text.isBlank())
        .findFirst()
        .map(Path::of);
  }
}
