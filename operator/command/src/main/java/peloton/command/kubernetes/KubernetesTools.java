package peloton.command.kubernetes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder that the build of the API server leaves.
 *
 * @param folder holds kube-apiserver, kubectl, kstatus and glua
 */
public record KubernetesTools(Path folder) {
  /** Where the launcher says they are. */
  public static final String VARIABLE = "PELOTON_KUBERNETES_TOOLS";

  /** The tools in a folder; empty if there is no API server in it. */
  public static Optional<KubernetesTools> in(String folder) {
    return Optional.ofNullable(folder)
        .filter(name -> !name.isBlank())
        .map(name -> new KubernetesTools(Path.of(name).toAbsolutePath()))
        .filter(tools -> Files.isExecutable(tools.program("kube-apiserver")));
  }

  /** One of the programs. */
  public Path program(String name) {
    return folder.resolve(name);
  }
}
