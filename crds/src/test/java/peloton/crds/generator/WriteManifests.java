package peloton.crds.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes the manifests into the folder that is its argument. */
public final class WriteManifests {
  private WriteManifests() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      throw new IllegalArgumentException("name the folder to write to");
    }
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (Map.Entry<String, String> file : CrdManifests.generate().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
