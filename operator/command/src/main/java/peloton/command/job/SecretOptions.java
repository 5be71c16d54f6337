package peloton.command.job;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import peloton.api.v1alpha.peloton.Peloton.Secret;
import peloton.command.CommandException;
import picocli.CommandLine.Option;

/** A file with secret content for a new job's containers. */
final class SecretOptions {
  @Option(
      names = "--secret-path",
      paramLabel = "PATH",
      description = "Where the containers find the secret, an absolute path.")
  private String path;

  @Option(
      names = "--secret-data",
      paramLabel = "TEXT",
      description =
          "The secret itself. Other users of this machine can see it: better --secret-file.")
  private String data;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "A file on this machine that holds the secret.")
  private Path file;

  /**
   * The secret, if there is one.
   *
   * @throws CommandException unless there are both a path and one content, or neither
   */
  Optional<Secret> secret() {
    if (path == null && data == null && file == null) {
      return Optional.empty();
    }
    if (path == null || (data == null) == (file == null)) {
      throw CommandException.usage(
          "a secret needs --secret-path and either --secret-data or --secret-file");
    }
    // The API carries secrets as Base64 text.
    byte[] text = Base64.getEncoder().encode(content());
    return Optional.of(
        Secret.newBuilder()
            .setPath(path)
            .setValue(Secret.Value.newBuilder().setData(ByteString.copyFrom(text)))
            .build());
  }

  private byte[] content() {
    if (data != null) {
      return data.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw CommandException.usage("--secret-file: cannot read " + file + ": " + e.getMessage());
    }
  }
}
