package peloton.mesos.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and a certificate that it signs itself.
 *
 * @param keys both
 * @param certificate in PEM; also the authority to trust
 * @param key in PEM
 */
record TestIdentity(KeyStore keys, Path certificate, Path key) {
  private static final String PASSWORD = "changeit";

  /** Good for two days. */
  static TestIdentity of(Path folder, String name, String host) throws Exception {
    return of(folder, name, host, "+0d");
  }

  /**
   * Good for two days.
   *
   * @param host a subject alternative name as keytool has it, such as {@code ip:127.0.0.1}
   * @param start when the two days begin, as keytool has it
   */
  static TestIdentity of(Path folder, String name, String host, String start) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Path log = folder.resolve(name + ".log");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + host,
                "-ext",
                "bc=ca:true",
                "-startdate",
                start,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new AssertionError(Files.readString(log));
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    byte[] key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
    return new TestIdentity(
        keys,
        write(folder.resolve(name + ".pem"), "CERTIFICATE", keys.getCertificate(name).getEncoded()),
        write(folder.resolve(name + ".key"), "PRIVATE KEY", key));
  }

  /** To serve with; clients that show a certificate must show the one given. */
  SSLContext server(TestIdentity client) throws GeneralSecurityException, IOException {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "client", client.keys.getCertificate(client.keys.aliases().nextElement()));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static Path write(Path file, String type, byte[] bytes) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
  }
}
