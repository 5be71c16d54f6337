package peloton.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import peloton.api.v1alpha.job.stateless.Stateless;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc;
import peloton.api.v1alpha.peloton.Peloton;

/** The command in front of a server that answers as it is told. */
abstract class CommandTest {
  static final String JOB = "7e0eb9cd-ee91-4123-82be-7042f6f833ee";
  static final String NL = System.lineSeparator();

  @TempDir private Path folder;
  FakePeloton server;

  @BeforeEach
  void startServer() throws IOException {
    server = new FakePeloton();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  Cli.Result peloton(String... arguments) {
    return cli().run(arguments);
  }

  Cli cli() {
    return Cli.with(Map.of("PELOTON_SERVER", server.address()));
  }

  Path write(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "spec", ".yaml"), text);
  }

  String file(String text) throws IOException {
    return write(text).toString();
  }

  static List<String> cells(String line) {
    return Stream.of(line.split("\\|", -1)).map(String::strip).toList();
  }

  static Peloton.EntityVersion version(String text) {
    return Peloton.EntityVersion.newBuilder().setValue(text).build();
  }

  /** An answer to who asks for the job's present version, or for how far it is. */
  static StatelessSvc.GetJobResponse job(Stateless.JobStatus.Builder status) {
    return StatelessSvc.GetJobResponse.newBuilder()
        .setSummary(
            Stateless.JobSummary.newBuilder()
                .setJobId(Peloton.JobID.newBuilder().setValue(JOB))
                .setName("a")
                .setStatus(status))
        .build();
  }

  static StatelessSvc.GetJobResponse atVersion(String version) {
    return job(Stateless.JobStatus.newBuilder().setVersion(version(version)));
  }
}
