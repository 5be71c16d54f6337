package peloton.mesos.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peloton.mesos.local.http.Access;

class AccessTest {

  private static final byte[] VERSION =
      "{\"type\":\"GET_VERSION\"}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path workDir;

  @Test
  void withoutItsCredentialNothingIsAnswered() throws Exception {
    var access =
        new Access(
            Optional.of(new Access.Credential("peloton", "secret")), Optional.empty(), false);
    try (var mesos = start(access);
        var http = new RawHttp(mesos.port())) {
      for (var path : new String[] {"/api/v1", "/api/v1/scheduler", "/files/browse?path=/"}) {
        var refused = http.call("POST", path, json(), VERSION);
        assertThat(refused.status()).as(path).isEqualTo(401);
        assertThat(refused.headers()).containsEntry("www-authenticate", "Basic realm=\"mesos\"");
      }
      assertThat(http.call("POST", "/api/v1", json("peloton:wrong"), VERSION).status())
          .isEqualTo(401);
      assertThat(http.call("POST", "/api/v1", json("peloton:secret"), VERSION).status())
          .isEqualTo(200);
      assertThat(http.call("POST", "/local/control", json("peloton:secret"), VERSION).status())
          .as("control is there only on request")
          .isEqualTo(404);
    }
  }

  @Test
  void aFrameworkIsWhoItAuthenticatesAs() throws Exception {
    var access =
        new Access(
            Optional.of(new Access.Credential("peloton", "secret")), Optional.empty(), false);
    try (var mesos = start(access);
        var http = new RawHttp(mesos.port())) {
      var headers = new HashMap<>(json("peloton:secret"));
      headers.putAll(TestScheduler.PROTOBUF);
      var call =
          Call.newBuilder()
              .setType(Call.Type.SUBSCRIBE)
              .setSubscribe(
                  Call.Subscribe.newBuilder()
                      .setFrameworkInfo(TestScheduler.framework().setPrincipal("somebody").build()))
              .build();
      var refused = http.call("POST", "/api/v1/scheduler", headers, call.toByteArray());
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text())
          .contains("Authenticated principal 'peloton' does not match principal 'somebody'");
    }
  }

  @Test
  void itServesOverTls() throws Exception {
    var store = keyStore();
    var access = new Access(Optional.empty(), Optional.of(pemFiles(store)), false);
    try (var mesos = start(access)) {
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("mesos", store.getCertificate("mesos"));
      trust.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      var connection =
          (HttpsURLConnection)
              URI.create("https://localhost:" + mesos.port() + "/api/v1").toURL().openConnection();
      connection.setSSLSocketFactory(context.getSocketFactory());
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      connection.setReadTimeout(60_000);
      json().forEach(connection::setRequestProperty);
      try (var output = connection.getOutputStream()) {
        output.write(VERSION);
      }
      assertThat(connection.getResponseCode()).isEqualTo(200);
      try (InputStream input = connection.getInputStream()) {
        assertThat(new String(input.readAllBytes(), StandardCharsets.UTF_8)).contains("1.11.0");
      }
      connection.disconnect();
    }
  }

  @Test
  void filesThatAreNoPemAreNamed() throws Exception {
    var certificates = Files.writeString(workDir.resolve("cert.pem"), "nothing");
    var key = Files.writeString(workDir.resolve("key.pem"), "nothing");
    var access =
        new Access(Optional.empty(), Optional.of(new Access.Tls(certificates, key)), false);
    assertThatThrownBy(() -> start(access))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key.pem");
  }

  @Test
  void aPrincipalHasNoColonAndTheSecretIsKept() {
    assertThatThrownBy(() -> new Access.Credential("a:b", "c"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new Access.Credential("a", "hidden").toString()).doesNotContain("hidden");
  }

  private LocalMesos start(Access access) {
    return LocalMesos.start(LocalMesosSettings.simulated(workDir, 1).withAccess(access));
  }

  private static Map<String, String> json() {
    return Map.of("Content-Type", "application/json", "Accept", "application/json");
  }

  private static Map<String, String> json(String credential) {
    var headers = new HashMap<>(json());
    headers.put(
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString(credential.getBytes(StandardCharsets.UTF_8)));
    return headers;
  }

  private KeyStore keyStore() throws Exception {
    var file = workDir.resolve("keys.p12");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "mesos",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    var store = KeyStore.getInstance("PKCS12");
    try (var input = Files.newInputStream(file)) {
      store.load(input, "changeit".toCharArray());
    }
    return store;
  }

  private Access.Tls pemFiles(KeyStore store) throws Exception {
    var certificates = workDir.resolve("cert.pem");
    var key = workDir.resolve("key.pem");
    Files.writeString(certificates, pem("CERTIFICATE", store.getCertificate("mesos").getEncoded()));
    Files.writeString(
        key, pem("PRIVATE KEY", store.getKey("mesos", "changeit".toCharArray()).getEncoded()));
    return new Access.Tls(certificates, key);
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + what
        + "-----\n";
  }
}
