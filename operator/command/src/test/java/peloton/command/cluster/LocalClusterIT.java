package peloton.command.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import peloton.api.v1alpha.respool.RespoolSvc.QueryResourcePoolsRequest;
import peloton.command.client.ApiClient;

class LocalClusterIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void startsKillsRestartsAndStopsItsProcesses() {
    List<Long> pids = new ArrayList<>();
    List<String> addresses;
    try (LocalCluster cluster = new LocalCluster(ClusterSettings.in(folder))) {
      cluster.start();
      long first = cluster.operator().pid();
      assertThat(answers(cluster)).isTrue();
      assertThat(folder.resolve("run/operator.pid")).hasContent(Long.toString(first));

      cluster.killOperator();
      assertThat(isAlive(first)).isFalse();
      assertThat(isListening(cluster.operatorAddress())).isFalse();
      assertThatThrownBy(cluster::requireAlive).isInstanceOf(ClusterException.class);

      cluster.startOperator();
      assertThat(cluster.operator().pid()).isNotEqualTo(first);
      assertThat(answers(cluster)).isTrue();
      assertThatThrownBy(() -> new LocalCluster(ClusterSettings.in(folder)).start())
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("is in use by another local cluster");

      pids.add(cluster.operator().pid());
      pids.add(cluster.mesos().pid());
      pids.add(cluster.etcd().pid());
      pids.add(cluster.etcdPid());
      addresses = List.of(cluster.operatorAddress(), cluster.mesosAddress(), cluster.etcdAddress());
    }
    assertThat(pids).doesNotHaveDuplicates().noneMatch(LocalClusterIT::isAlive);
    assertThat(addresses).noneMatch(LocalClusterIT::isListening);
    assertThat(folder.resolve("run")).isEmptyDirectory();
  }

  @Test
  void saysWhyAProcessDoesNotComeUp() {
    ClusterSettings settings =
        ClusterSettings.in(folder).withOperatorFlags(List.of("--etcd-lease-ttl", "never"));
    try (LocalCluster cluster = new LocalCluster(settings)) {
      assertThatThrownBy(cluster::start)
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("operator ended with exit code 2")
          .hasMessageContaining(folder.resolve("logs/operator.log").toString())
          .hasMessageContaining("etcd.leaseTtl: \"never\"");
    }
  }

  @Test
  void leavesNothingBehindWhenItsParentIsKilled() throws IOException, InterruptedException {
    Path cluster = folder.resolve("dev");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "peloton.command.Main",
                "dev",
                "--port",
                "0",
                "--dir",
                cluster.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process parent = builder.start();
    try {
      assertThat(Waiting.until(LIMIT, () -> text(folder.resolve("out")).contains("Ctrl-C stops")))
          .as("the cluster is up: %s", text(folder.resolve("out")))
          .isTrue();
      List<Long> children = parent.descendants().map(ProcessHandle::pid).toList();
      assertThat(children).hasSizeGreaterThanOrEqualTo(4);

      parent.destroyForcibly();
      assertThat(parent.waitFor(10, TimeUnit.SECONDS)).isTrue();

      assertThat(Waiting.until(LIMIT, () -> children.stream().noneMatch(LocalClusterIT::isAlive)))
          .as("children that are still there: %s", children)
          .isTrue();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void avoidsAPortThatIsTaken() throws IOException {
    Ports ports = new Ports(new java.util.Random(1));
    try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      int port = ports.next(taken.getLocalPort());

      assertThat(port).isNotEqualTo(taken.getLocalPort()).isBetween(20_000, 32_000);
      assertThat(ports.next(port)).isNotEqualTo(port);
    }
  }

  private static boolean answers(LocalCluster cluster) {
    try (ApiClient client = ApiClient.connect(cluster.operatorAddress(), Duration.ofSeconds(5))) {
      return client
              .respools()
              .queryResourcePools(QueryResourcePoolsRequest.getDefaultInstance())
              .getRespoolsCount()
          > 0;
    }
  }

  private static boolean isListening(String address) {
    try (Socket socket = new Socket()) {
      int colon = address.indexOf(':');
      socket.connect(
          new InetSocketAddress(
              address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
          1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
