package peloton.command.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import peloton.command.spec.JobSpecFile;
import peloton.command.spec.PoolSpecFile;

/** The files of {@code manifests/samples}, which the build packs with the program. */
final class Samples {
  private static final String FOLDER = "/samples/";

  private Samples() {}

  static PoolSpecFile pool() {
    return PoolSpecFile.parseAll("manifests/samples/respool.yaml", read("respool.yaml")).get(0);
  }

  static JobSpecFile job() {
    return JobSpecFile.parseAll("manifests/samples/job.yaml", read("job.yaml")).get(0);
  }

  static JobSpecFile nextJob() {
    return JobSpecFile.parseAll("manifests/samples/job-v2.yaml", read("job-v2.yaml")).get(0);
  }

  private static String read(String name) {
    try (InputStream stream = Samples.class.getResourceAsStream(FOLDER + name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is not packed with the program");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
