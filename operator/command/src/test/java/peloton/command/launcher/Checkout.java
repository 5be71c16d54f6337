package peloton.command.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A checkout that holds the launcher and next to nothing else, in a folder with a space in its
 * name. Its Maven and its Java are scripts that write down how they were called.
 */
final class Checkout {

  /** All that the launcher may call; that others are absent shows what it says then. */
  private static final List<String> TOOLS =
      List.of(
          "awk",
          "bash",
          "cat",
          "dirname",
          "find",
          "flock",
          "grep",
          "mkdir",
          "readlink",
          "rm",
          "sed",
          "sha256sum",
          "sleep",
          "sort",
          "tail",
          "tee");

  private final Path base;
  private final Path home;
  private final Path bin;
  private final Path jdk;
  private final Path calls;

  Checkout(Path folder) throws IOException {
    base = folder.resolve("check out");
    home = base.resolve("home");
    bin = base.resolve("bin");
    jdk = base.resolve("jdk");
    calls = base.resolve("calls");
    for (String module : List.of("api/x", "mesos-driver/x", "reconcilers/x", "operator/command")) {
      write(home.resolve(module).resolve("pom.xml"), "");
      write(home.resolve(module).resolve("src/main/Source.java"), "");
      write(home.resolve(module).resolve("src/test/SourceTest.java"), "");
    }
    write(home.resolve("pom.xml"), "");
    write(home.resolve(".mvn/jvm.config"), "");
    write(home.resolve("manifests/samples/job.yaml"), "");
    write(calls, "");
    Files.createDirectories(bin);
    for (String tool : TOOLS) {
      script(bin.resolve(tool), "#!/bin/bash\nexec '" + find(tool) + "' \"$@\"\n");
    }
    Path launcher = Path.of("../../peloton").toRealPath();
    script(home.resolve("peloton"), Files.readString(launcher));
    Files.createSymbolicLink(bin.resolve("peloton-link"), home.resolve("peloton"));
    java("17.0.15");
    script(jdk.resolve("bin/java"), "#!/bin/bash\nprintf '%s|' \"$@\"; echo; exit ${JAVA_RC:-0}\n");
    script(jdk.resolve("bin/javac"), "#!/bin/bash\n");
    script(bin.resolve("etcd"), "#!/bin/bash\n");
    user(1000);
    maven("");
  }

  Path home() {
    return home;
  }

  /** Where the launcher's build puts what Java runs. */
  Path libraries() {
    return home.resolve("operator/command/target/dist/lib");
  }

  void java(String version) throws IOException {
    write(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  /** Lets Maven build the command and then do this, in the checkout. */
  void maven(String then) throws IOException {
    script(
        bin.resolve("mvn"),
        """
        #!/bin/bash
        echo "$*" >>'%s'
        lib=operator/command/target/dist/lib
        mkdir -p $lib
        sleep 0.2
        echo >$lib/peloton-command-1.jar
        %s
        """
            .formatted(calls, then));
  }

  /** Lets the launcher believe that this user runs it; 0 is root. */
  void user(int id) throws IOException {
    script(bin.resolve("id"), "#!/bin/bash\necho " + id + "\n");
  }

  /** Lets apt-get do this; its calls count as Maven's do. */
  void apt(String then) throws IOException {
    script(
        bin.resolve("apt-get"),
        "#!/bin/bash\necho \"apt-get $*\" >>'%s'\ncd '%s'\n%s\n".formatted(calls, bin, then));
  }

  /** Lets the build of the Kubernetes API server do this; its calls count as Maven's do. */
  void kubernetes(String then) throws IOException {
    script(
        home.resolve("operator/command/src/test/kubernetes/build-tools"),
        """
        #!/bin/bash
        tools='%s'
        [[ ${1:-} != --print ]] || { echo "$tools"; exit; }
        echo "build-tools" >>'%s'
        %s
        """
            .formatted(base.resolve("tools"), calls, then));
  }

  /** Puts a program that does nothing on the PATH. */
  void install(String program) throws IOException {
    script(bin.resolve(program), "#!/bin/bash\n");
  }

  void remove(String program) throws IOException {
    Files.delete(bin.resolve(program));
  }

  void edit(String file) throws IOException {
    Path path = home.resolve(file);
    write(path, Files.readString(path) + "changed\n");
  }

  void report(String file, String text) throws IOException {
    write(home.resolve(file), text);
  }

  /** How Maven and apt-get were called so far, without the options that every call has. */
  List<String> calls() throws IOException {
    return Files.readAllLines(calls).stream()
        .map(call -> call.replaceFirst("^--batch-mode --no-transfer-progress( -D\\S+)* ", ""))
        .map(call -> call.replaceFirst("^apt-get -o \\S+ ", "apt-get "))
        .toList();
  }

  Result run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), arguments);
  }

  Result run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return start(environment, arguments).await();
  }

  /** Starts the launcher through its link, from a folder that is none of its own. */
  Running start(Map<String, String> environment, String... arguments) throws IOException {
    Path out = Files.createTempFile(base, "out", "");
    Path err = Files.createTempFile(base, "err", "");
    ProcessBuilder builder = new ProcessBuilder(bin.resolve("peloton-link").toString());
    builder.command().addAll(List.of(arguments));
    builder.directory(base.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().putAll(environment);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new Running(builder.start(), out, err);
  }

  record Running(Process process, Path out, Path err) {
    Result await() throws IOException, InterruptedException {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the launcher hangs; it said: " + Files.readString(err));
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
  }

  record Result(int exitCode, String out, String err) {}

  private static Path find(String tool) throws IOException {
    for (String folder : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(folder, tool))) {
        return Path.of(folder, tool).toRealPath();
      }
    }
    throw new IllegalStateException(tool + " is not on the PATH");
  }

  private static void script(Path path, String text) throws IOException {
    write(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void write(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
