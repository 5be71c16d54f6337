package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import peloton.command.cluster.ClusterSettings;
import peloton.command.cluster.LocalCluster;
import peloton.command.cluster.Waiting;
import peloton.command.kubernetes.Kubectl;
import peloton.command.kubernetes.KubernetesFront;
import peloton.command.kubernetes.KubernetesTools;
import peloton.command.kubernetes.RequiredTools;

/**
 * A folder of manifests that is applied again and again, as a pipeline does, while its content
 * changes, the operator is killed and clients of the API force changes of their own: in the end the
 * cluster is what the folder says. {@code -Drounds=N -Dseed=S} walks further, or another way.
 */
class GitOpsLoopIT {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final String MINE = "gitops=loop";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static LocalCluster cluster;
  private static KubernetesFront kubernetes;

  /** What the folder says of a job. */
  private record Wanted(int replicas, int version, boolean suspended) {
    String ready() {
      return suspended ? "0/0" : replicas + "/" + replicas;
    }
  }

  private final Random random = new Random(Long.getLong("seed", 1));
  private final Map<String, Wanted> jobs = new TreeMap<>();
  private int version;

  @BeforeAll
  static void startCluster() {
    KubernetesTools tools = RequiredTools.find();
    cluster =
        new LocalCluster(
            KubernetesFront.served(
                ClusterSettings.in(folder)
                    .withMesosFlags(
                        List.of("--agents", "5", "--simulated", "--allocation-interval", "100ms"))
                    .withOperatorFlags(List.of("--etcd-lease-ttl=2s"))));
    kubernetes = new KubernetesFront(cluster, tools, Path.of("../../manifests"));
    cluster.startEtcd();
    kubernetes.start();
    cluster.startMesos();
    cluster.startOperator();
  }

  @AfterAll
  static void stopCluster() {
    if (kubernetes != null) {
      kubernetes.close();
      cluster.close();
    }
  }

  @Test
  void theClusterEndsUpAsTheFolderSays() throws IOException {
    Path git = Files.createDirectory(folder.resolve("git"));
    write(git.resolve("pool.yaml"), pool());
    for (int round = 0; round < Integer.getInteger("rounds", 12); round++) {
      change(git);
      sync(git);
      interfere();
    }
    assertThat(Waiting.until(LIMIT, () -> isApplied(git) && isAsWanted())).as(state()).isTrue();
    Kubectl.Result diff = kubectl("diff", "-f", git.toString());
    assertThat(diff).isEqualTo(new Kubectl.Result(0, "", ""));
  }

  private void change(Path git) throws IOException {
    String name = "job-" + random.nextInt(5);
    if (jobs.containsKey(name) && random.nextInt(4) == 0) {
      jobs.remove(name);
      Files.delete(git.resolve(name + ".yaml"));
      return;
    }
    jobs.put(name, new Wanted(1 + random.nextInt(5), ++version, random.nextInt(5) == 0));
    write(git.resolve(name + ".yaml"), job(name, jobs.get(name)));
  }

  /**
   * One turn of the pipeline. What was on its way out may be gone in the middle: once more, then.
   */
  private static void sync(Path git) {
    assertThat(Waiting.until(LIMIT, () -> isApplied(git))).isTrue();
  }

  /**
   * False if a resource went while it was being changed; anything else is a failure. Applying says
   * it with the server's reason in brackets, pruning in words.
   */
  private static boolean isApplied(Path git) {
    Kubectl.Result result =
        kubectl(
            "apply",
            "-f",
            git.toString(),
            "--prune",
            "--selector=" + MINE,
            "--prune-allowlist=peloton.dev/v1alpha1/StatelessJob",
            "--wait=false");
    if (result.code() != 0) {
      assertThat(result.all()).containsAnyOf("(NotFound)", "not found");
    }
    return result.code() == 0;
  }

  /** What others do meanwhile; a client may find the job gone, or in the middle of something. */
  private void interfere() {
    String name = "job-" + random.nextInt(5);
    switch (random.nextInt(5)) {
      case 0 -> {
        cluster.killOperator();
        cluster.startOperator();
      }
      case 1 -> cli("job", "stop", name, "--force-owner");
      case 2 -> cli("job", "delete", name, "--force", "--force-owner");
      case 3 -> kubectl("scale", "sjob/" + name, "--replicas=9");
      default -> cli("job", "restart", name, "--force-owner");
    }
  }

  private boolean isAsWanted() {
    try {
      JsonNode items = JSON.readTree(kubectl("get", "sjob", "-o", "json").out()).get("items");
      TreeSet<String> names = new TreeSet<>();
      for (JsonNode item : items) {
        String name = item.at("/metadata/name").asText();
        names.add(name);
        Wanted wanted = jobs.get(name);
        JsonNode status = item.get("status");
        if (wanted == null
            || status == null
            || !status.at("/conditions/0/status").asText().equals("True")
            || status.get("observedGeneration").asInt() != item.at("/metadata/generation").asInt()
            || !status.get("ready").asText().equals(wanted.ready())) {
          return false;
        }
        JsonNode job =
            JSON.readTree(cli("job", "get", status.get("jobId").asText(), "-o", "json").out());
        if (!job.toString().contains("\"version-" + wanted.version() + "\"")) {
          return false;
        }
      }
      return names.equals(jobs.keySet()) && recordedJobs() == jobs.size();
    } catch (IOException e) {
      return false;
    }
  }

  /** Jobs that the API knows: one that is in no folder must not be left. */
  private static long recordedJobs() {
    return cli("job", "list").out().lines().filter(line -> line.contains("job-")).count();
  }

  private String state() {
    return jobs
        + System.lineSeparator()
        + kubectl("get", "sjob", "-o", "wide").out()
        + cli("job", "list").out();
  }

  private static String pool() {
    return """
        apiVersion: peloton.dev/v1alpha1
        kind: ResourcePool
        metadata: {name: loop, labels: {gitops: loop}}
        spec:
          path: /loop
          resources:
            - {kind: cpu, reservation: 4, limit: 8}
            - {kind: memory, reservation: 4Gi, limit: 8Gi}
            - {kind: disk, reservation: 4Gi, limit: 8Gi}
        """;
  }

  private static String job(String name, Wanted wanted) {
    return """
        apiVersion: peloton.dev/v1alpha1
        kind: StatelessJob
        metadata: {name: %s, labels: {gitops: loop}}
        spec:
          respool: /loop
          replicas: %d
          suspend: %s
          updatePolicy: {batchSize: 2}
          template:
            containers:
              - name: main
                resources: {cpu: 10m, memory: 16Mi}
                entrypoint: {value: serve}
                environment:
                  - {name: VERSION, value: version-%d}
            mesos: {shell: true}
        """
        .formatted(name, wanted.replicas(), wanted.suspended(), wanted.version());
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }

  private static Kubectl.Result kubectl(String... arguments) {
    return kubernetes.kubectl().run(arguments);
  }

  private static Cli.Result cli(String... arguments) {
    return Cli.with(Map.of("PELOTON_SERVER", cluster.operatorAddress())).run(arguments);
  }
}
