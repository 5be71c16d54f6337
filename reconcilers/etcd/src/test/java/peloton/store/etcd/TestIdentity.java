package peloton.store.etcd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A key and a certificate that it signs itself, in PEM, good for 127.0.0.1 and localhost.
 *
 * @param certificate also the authority to trust
 */
public record TestIdentity(Path certificate, Path key) {

  /** Makes the files {@code NAME.pem} and {@code NAME.key}. */
  public static TestIdentity make(Path folder, String name)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = Files.createTempDirectory(folder, name).resolve("identity.p12");
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
                "san=ip:127.0.0.1,dns:localhost",
                "-ext",
                "bc=ca:true",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(store.resolveSibling("keytool.log").toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new AssertionError(Files.readString(store.resolveSibling("keytool.log")));
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    Key key = keys.getKey(name, "changeit".toCharArray());
    return new TestIdentity(
        write(folder.resolve(name + ".pem"), "CERTIFICATE", keys.getCertificate(name).getEncoded()),
        write(folder.resolve(name + ".key"), "PRIVATE KEY", key.getEncoded()));
  }

  private static Path write(Path file, String type, byte[] bytes) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
  }
}
