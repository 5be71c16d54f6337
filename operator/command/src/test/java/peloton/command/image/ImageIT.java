package peloton.command.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageIT {
  /** Made by the build on no base at all. */
  private static final Path TAR = Path.of("target/image-content.tar");

  @TempDir private static Path folder;

  private static Path root;
  private static JsonNode config;

  @BeforeAll
  static void unpack() throws Exception {
    Path parts = Files.createDirectory(folder.resolve("parts"));
    root = Files.createDirectory(folder.resolve("root"));
    run(List.of("tar", "-xf", TAR.toAbsolutePath().toString(), "-C", parts.toString()));
    ObjectMapper json = new ObjectMapper();
    JsonNode manifest = json.readTree(parts.resolve("manifest.json").toFile()).get(0);
    for (JsonNode layer : manifest.get("Layers")) {
      String file = parts.resolve(layer.asText()).toString();
      run(List.of("tar", "-xzf", file, "-C", root.toString()));
    }
    config = json.readTree(parts.resolve(manifest.get("Config").asText()).toFile()).get("config");
  }

  @Test
  void runsTheServerAsNobodyInParticular() {
    assertThat(config.get("User").asText()).isEqualTo("65532:65532");
    assertThat(texts(config.get("Cmd"))).containsExactly("server");
    assertThat(texts(config.get("Entrypoint")))
        .startsWith("java")
        .contains("-XX:+ExitOnOutOfMemoryError")
        .endsWith("peloton.command.Main");
    assertThat(config.get("ExposedPorts").properties())
        .extracting(port -> port.getKey())
        .containsExactlyInAnyOrder("5392/tcp", "5393/tcp");
    assertThat(config.at("/Labels/org.opencontainers.image.version").asText()).isNotEmpty();
  }

  @Test
  void holdsAllThatTheCommandNeedsAndItsVersion() throws Exception {
    String version = config.at("/Labels/org.opencontainers.image.version").asText();

    assertThat(start("--version")).contains(version);
    assertThat(start("server", "--print-config", "--etcd-prefix=/here/"))
        .contains("prefix: \"/here/\"", "masters: \"127.0.0.1:5050\"");
  }

  @Test
  void holdsTheSameLibrariesAsTheBuild() throws IOException {
    assertThat(jars(root.resolve("app")))
        .containsExactlyInAnyOrderElementsOf(jars(Path.of("target/dist/lib")));
  }

  @Test
  void canBeReadByWhoeverRunsItAndWrittenByNobody() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("app"))) {
      for (Path file : files.toList()) {
        assertThat(Files.getPosixFilePermissions(file))
            .as(file.toString())
            .contains(PosixFilePermission.OTHERS_READ)
            .doesNotContain(PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);
      }
    }
    assertThat(root.resolve("usr/local/bin/peloton")).isExecutable();
  }

  /** Runs the image's entrypoint with its paths moved to where they were unpacked. */
  private static String start(String... arguments) throws Exception {
    Path classPath = root.resolve("app/jib-classpath-file");
    Path moved = folder.resolve("class-path");
    Files.writeString(moved, Files.readString(classPath).replace("/app/", root + "/app/"));
    List<String> command = new ArrayList<>();
    for (String word : texts(config.get("Entrypoint"))) {
      command.add(word.equals("@/app/jib-classpath-file") ? "@" + moved : word);
    }
    command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    return run(command);
  }

  private static List<String> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .toList();
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PELOTON_"));
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    return output;
  }
}
