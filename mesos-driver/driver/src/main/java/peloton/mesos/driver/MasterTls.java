package peloton.mesos.driver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS to masters. A master's certificate must be valid, for its host, and signed by whom we trust.
 *
 * <p>Files are looked at for every new connection, of which there are few, so that certificates can
 * be renewed at any time. One that cannot be used then leaves what was read before in force.
 */
public final class MasterTls {
  private static final Logger LOG = LoggerFactory.getLogger(MasterTls.class);

  private static final String BEGIN_KEY = "-----BEGIN PRIVATE KEY-----";
  private static final String END_KEY = "-----END PRIVATE KEY-----";
  private static final char[] NO_PASSWORD = new char[0];

  private final Optional<Path> authorities;
  private final Optional<Identity> identity;
  private Contents used;
  private SSLSocketFactory sockets;

  /**
   * What to show to masters that ask; files in PEM.
   *
   * @param certificate our own, and those that it is signed by
   * @param key PKCS #8 without a password
   */
  public record Identity(Path certificate, Path key) {}

  /** What the files hold; empty for a file that is not given. */
  private record Contents(String authorities, String certificate, String key) {}

  private MasterTls(Optional<Path> authorities, Optional<Identity> identity) {
    this.authorities = Objects.requireNonNull(authorities, "authorities");
    this.identity = Objects.requireNonNull(identity, "identity");
  }

  /**
   * Reads the files for the first time.
   *
   * @param authorities who may sign masters' certificates, in PEM; if absent, whom Java trusts
   * @throws IOException if a file cannot be read or does not hold what it should
   */
  public static MasterTls of(Optional<Path> authorities, Optional<Identity> identity)
      throws IOException {
    MasterTls tls = new MasterTls(authorities, identity);
    tls.load();
    return tls;
  }

  /**
   * Puts TLS on a connected socket and shakes hands, under the socket's own read timeout.
   *
   * @throws IOException if the master does not speak TLS or is not to be trusted
   */
  SSLSocket secure(Socket connected, MasterAddress master) throws IOException {
    SSLSocket secured =
        (SSLSocket) current().createSocket(connected, master.host(), master.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    try {
      secured.startHandshake();
      // Java does not look at the dates of a certificate that is itself listed as trusted.
      if (secured.getSession().getPeerCertificates()[0] instanceof X509Certificate shown) {
        shown.checkValidity();
      }
    } catch (SSLException | CertificateException e) {
      throw new IOException(
          "no TLS with "
              + master
              + ", which must show a valid certificate for this host, signed by "
              + authorities.map(file -> "one of " + file).orElse("one that Java trusts")
              + ": "
              + e.getMessage(),
          e);
    }
    return secured;
  }

  private synchronized SSLSocketFactory current() {
    try {
      load();
    } catch (IOException e) {
      LOG.error("The files for TLS to Mesos cannot be used; what was read before is", e);
    }
    return sockets;
  }

  private synchronized void load() throws IOException {
    Contents contents =
        new Contents(
            text(authorities),
            text(identity.map(Identity::certificate)),
            text(identity.map(Identity::key)));
    if (contents.equals(used)) {
      return;
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(contents), trust(contents), null);
      sockets = context.getSocketFactory();
      used = contents;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("TLS to Mesos: " + e.getMessage(), e);
    }
  }

  /** Null stands for Java's own, as SSLContext has it. */
  private TrustManager[] trust(Contents contents) throws GeneralSecurityException, IOException {
    if (authorities.isEmpty()) {
      return null;
    }
    KeyStore store = emptyStore();
    int count = 0;
    for (Certificate one : certificates(contents.authorities(), authorities.get())) {
      store.setCertificateEntry("authority-" + count++, one);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private KeyManager[] keys(Contents contents) throws GeneralSecurityException, IOException {
    if (identity.isEmpty()) {
      return new KeyManager[0];
    }
    Certificate[] chain =
        certificates(contents.certificate(), identity.get().certificate())
            .toArray(new Certificate[0]);
    KeyStore store = emptyStore();
    store.setKeyEntry("own", key(contents.key(), chain[0]), NO_PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private PrivateKey key(String text, Certificate certificate) throws GeneralSecurityException {
    Path file = identity.orElseThrow().key();
    int begin = text.indexOf(BEGIN_KEY);
    int end = text.indexOf(END_KEY);
    if (begin < 0 || end < begin) {
      throw new GeneralSecurityException(
          file + " holds no \"" + BEGIN_KEY + "\": give the key as PKCS #8 without a password");
    }
    byte[] encoded =
        Base64.getMimeDecoder().decode(text.substring(begin + BEGIN_KEY.length(), end));
    try {
      return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException(file + " is not the key of the certificate", e);
    }
  }

  private static Collection<? extends Certificate> certificates(String text, Path file)
      throws GeneralSecurityException {
    Collection<? extends Certificate> found;
    try {
      InputStream input = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      found = CertificateFactory.getInstance("X.509").generateCertificates(input);
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException(file + " holds no certificates in PEM", e);
    }
    if (found.isEmpty()) {
      throw new GeneralSecurityException(file + " holds no certificates in PEM");
    }
    return found;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static String text(Optional<Path> file) throws IOException {
    return file.isEmpty() ? "" : Files.readString(file.get(), StandardCharsets.ISO_8859_1);
  }
}
