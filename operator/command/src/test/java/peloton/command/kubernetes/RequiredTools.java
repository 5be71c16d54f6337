package peloton.command.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The API server and its kin, without which a test is skipped. */
public final class RequiredTools {
  private static final Path SCRIPT = Path.of("src/test/kubernetes/build-tools");

  private RequiredTools() {}

  /** Those of the launcher, else those that it has built for an earlier run. */
  public static KubernetesTools find() {
    return KubernetesTools.in(System.getenv(KubernetesTools.VARIABLE))
        .or(() -> KubernetesTools.in(cached()))
        .orElseGet(
            () ->
                Assumptions.abort(
                    "there is no kube-apiserver: ./peloton verify builds one where Go is"
                        + " installed, and so does operator/command/"
                        + SCRIPT));
  }

  /** What kstatus makes of an object. */
  public static String kstatus(String json) {
    return Programs.run(json, List.of(find().program("kstatus").toString()));
  }

  private static String cached() {
    try {
      Process process = new ProcessBuilder(SCRIPT.toString(), "--print").start();
      String folder =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? folder : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
