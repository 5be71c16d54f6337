package peloton.operator.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What the server shows of itself, and whom it takes. Files are read again when they change, so
 * that a certificate can be renewed under a running server; one that cannot be read then leaves the
 * one before in force.
 */
public final class ServerTls implements AutoCloseable {
  private final ServerCredentials credentials;
  private final Runnable end;

  private ServerTls(ServerCredentials credentials, Runnable end) {
    this.credentials = credentials;
    this.end = end;
  }

  /** No TLS. */
  public static ServerTls none() {
    return new ServerTls(InsecureServerCredentials.create(), () -> {});
  }

  /**
   * TLS with files in PEM.
   *
   * @param key PKCS 8, unencrypted
   * @param clientAuthorities who signs clients' certificates; if absent, clients need none
   * @param clientsMust whether clients must show a certificate if there are authorities; else they
   *     may
   * @param interval how often files are looked at for changes; at least a minute
   * @throws IOException if a file cannot be read or is not what it should be
   */
  public static ServerTls of(
      Path certificate,
      Path key,
      Optional<Path> clientAuthorities,
      boolean clientsMust,
      Duration interval)
      throws IOException {
    ScheduledExecutorService reader =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "tls-files");
              thread.setDaemon(true);
              return thread;
            });
    try {
      AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
      keys.updateIdentityCredentials(
          certificate.toFile(), key.toFile(), interval.toSeconds(), TimeUnit.SECONDS, reader);
      TlsServerCredentials.Builder builder = TlsServerCredentials.newBuilder().keyManager(keys);
      if (clientAuthorities.isPresent()) {
        AdvancedTlsX509TrustManager trusted =
            AdvancedTlsX509TrustManager.newBuilder()
                .setVerification(
                    // A client has no name to be compared with.
                    AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION)
                .build();
        trusted.updateTrustCredentials(
            clientAuthorities.get().toFile(), interval.toSeconds(), TimeUnit.SECONDS, reader);
        builder
            .trustManager(trusted)
            .clientAuth(
                clientsMust
                    ? TlsServerCredentials.ClientAuth.REQUIRE
                    : TlsServerCredentials.ClientAuth.OPTIONAL);
      }
      return new ServerTls(builder.build(), reader::shutdown);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      reader.shutdown();
      throw new IOException(
          "TLS cannot be had from "
              + certificate
              + ", "
              + key
              + clientAuthorities.map(file -> ", " + file).orElse("")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  ServerCredentials credentials() {
    return credentials;
  }

  @Override
  public void close() {
    end.run();
  }
}
