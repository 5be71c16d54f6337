package peloton.command.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;

class SamplesTest {
  private static final Path SAMPLES = Path.of("../../manifests/samples");

  @Test
  void theSampleJobsDifferInTheVersionThatTheyPrint() {
    JobSpec first = job("job.yaml");
    JobSpec next = job("job-v2.yaml");

    assertThat(version(first)).isEqualTo("v1");
    assertThat(version(next)).isEqualTo("v2");
    assertThat(first.getInstanceCount()).isEqualTo(3);
    JobSpec.Builder same = next.toBuilder();
    same.getDefaultSpecBuilder().getContainersBuilder(0).getEnvironmentBuilder(0).setValue("v1");
    assertThat(same.build()).isEqualTo(first);
  }

  @Test
  void theSamplePoolIsWhereTheSampleJobsWantToBe() {
    String path =
        PoolSpecFile.readAll(
                SAMPLES.resolve("respool.yaml").toString(), InputStream.nullInputStream())
            .get(0)
            .path()
            .orElseThrow();

    assertThat(read("job.yaml").respool()).contains(path);
  }

  private static String version(JobSpec spec) {
    return spec.getDefaultSpec().getContainers(0).getEnvironment(0).getValue();
  }

  private static JobSpec job(String name) {
    return read(name).spec();
  }

  private static JobSpecFile read(String name) {
    return JobSpecFile.readAll(SAMPLES.resolve(name).toString(), InputStream.nullInputStream())
        .get(0);
  }
}
