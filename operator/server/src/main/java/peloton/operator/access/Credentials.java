package peloton.operator.access;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * By what a call can be known: the headers {@code authorization: Bearer TOKEN} or {@code
 * authorization: Basic ...}, Peloton's own {@code username} and {@code password}, or the
 * certificate of the connection.
 */
final class Credentials {
  private static final Metadata.Key<String> AUTHORIZATION = key("authorization");
  private static final Metadata.Key<String> USERNAME = key("username");
  private static final Metadata.Key<String> PASSWORD = key("password");

  /** Alternative names of these kinds are texts (RFC 5280: DNS name and URI). */
  private static final List<Integer> NAME_KINDS = List.of(2, 6);

  private Credentials() {}

  /** The client that a call comes from; empty if it is nobody known. */
  static Optional<Client> client(AccessPolicy policy, ServerCall<?, ?> call, Metadata headers) {
    String authorization = headers.get(AUTHORIZATION);
    if (authorization != null) {
      return fromHeader(policy, authorization.trim());
    }
    String name = headers.get(USERNAME);
    String password = headers.get(PASSWORD);
    if (name != null && password != null) {
      return named(policy, name, password);
    }
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    return session == null ? Optional.empty() : policy.byCertificate(names(session));
  }

  private static Optional<Client> fromHeader(AccessPolicy policy, String header) {
    String[] parts = header.split(" +", 2);
    if (parts.length != 2) {
      return Optional.empty();
    }
    if (parts[0].equalsIgnoreCase("bearer")) {
      return policy.byToken(parts[1]);
    }
    if (parts[0].equalsIgnoreCase("basic")) {
      try {
        String[] login =
            new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8).split(":", 2);
        return login.length == 2 ? named(policy, login[0], login[1]) : Optional.empty();
      } catch (IllegalArgumentException notBase64) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** A password is a token that comes with its client's name. */
  private static Optional<Client> named(AccessPolicy policy, String name, String password) {
    return policy.byToken(password).filter(client -> client.name().equals(name));
  }

  private static Collection<String> names(SSLSession session) {
    List<String> names = new ArrayList<>();
    try {
      Certificate[] chain = session.getPeerCertificates();
      if (chain.length > 0 && chain[0] instanceof X509Certificate certificate) {
        for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
          if (part.getType().equalsIgnoreCase("CN")) {
            names.add(part.getValue().toString());
          }
        }
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
          alternatives.stream()
              .filter(name -> NAME_KINDS.contains(name.get(0)))
              .forEach(name -> names.add(name.get(1).toString()));
        }
      }
    } catch (SSLPeerUnverifiedException noCertificate) {
      return List.of();
    } catch (InvalidNameException | CertificateParsingException unreadable) {
      return names;
    }
    return names;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
