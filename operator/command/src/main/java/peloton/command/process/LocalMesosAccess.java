package peloton.command.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import peloton.command.CommandException;
import peloton.mesos.local.http.Access;
import peloton.mesos.local.process.Images;
import picocli.CommandLine.Option;

/** What a local Mesos claims to be, whom it lets in, and what it makes of images. */
final class LocalMesosAccess {
  @Option(
      names = "--mesos-version",
      paramLabel = "VERSION",
      defaultValue = "1.11.0",
      description =
          "Which Mesos to be; one below 1.9 cannot drain agents; default ${DEFAULT-VALUE}.")
  String version;

  @Option(
      names = "--ignore-images",
      description = "Run tasks with a container image without it, instead of refusing them.")
  private boolean ignoreImages;

  @Option(
      names = "--missing-images",
      paramLabel = "NAME",
      split = ",",
      description = "Images that cannot be pulled; goes with --ignore-images.")
  private List<String> missingImages = List.of();

  @Option(
      names = "--principal",
      paramLabel = "NAME",
      description = "Ask every request for this principal, with the secret of --secret-file.")
  private String principal;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "Holds the secret; blanks around it do not count.")
  private Path secretFile;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Serve over TLS with these certificates (PEM); goes with --tls-key.")
  private Path tlsCert;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The key of --tls-cert (PEM, PKCS #8, no password).")
  private Path tlsKey;

  @Option(
      names = "--control",
      description = {
        "Let anyone who reaches the port break things: POST /local/control?do=WHAT; an unknown",
        "WHAT is answered with the list. For tests."
      })
  private boolean control;

  Images images() {
    if (!missingImages.isEmpty() && !ignoreImages) {
      throw CommandException.usage(
          "--missing-images goes with --ignore-images: without it, tasks with images are refused");
    }
    return ignoreImages ? Images.ignoredBut(Set.copyOf(missingImages)) : Images.REFUSED;
  }

  Access access() {
    if ((principal == null) != (secretFile == null)) {
      throw CommandException.usage("--principal and --secret-file go together");
    }
    if ((tlsCert == null) != (tlsKey == null)) {
      throw CommandException.usage("--tls-cert and --tls-key go together");
    }
    return new Access(
        Optional.ofNullable(principal).map(name -> new Access.Credential(name, secret())),
        Optional.ofNullable(tlsCert).map(cert -> new Access.Tls(cert, tlsKey)),
        control);
  }

  /** Where schedulers reach it. */
  String scheme() {
    return tlsCert == null ? "http" : "https";
  }

  private String secret() {
    try {
      return Files.readString(secretFile).strip();
    } catch (IOException e) {
      throw CommandException.usage("--secret-file cannot be read: " + e);
    }
  }
}
