package peloton.command.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import peloton.command.cluster.Waiting;
import peloton.command.kubernetes.ApiServerClient;
import peloton.command.kubernetes.KubernetesFront;

/** Measures the front door that Kubernetes is: how soon resources are ready, and statuses true. */
final class KubernetesBench implements Bench {
  private static final double READY_SECONDS = 60;
  private static final double LAG_MILLIS = 1_000;
  private static final String JOBS = "/apis/peloton.dev/v1alpha1/namespaces/default/statelessjobs";
  private static final String POOLS = "/apis/peloton.dev/v1alpha1/namespaces/default/resourcepools";

  private final Plan plan;
  private final Stage stage;
  private final KubernetesFront kubernetes;
  private final ObjectMapper json = new ObjectMapper();

  /** The newest state of each resource, and when it was seen. */
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /**
   * What is measured.
   *
   * @param jobs how many StatelessJobs are created at once
   * @param pods of each
   * @param changes how many changes of state are followed, one after the other
   * @param limit for each step
   */
  record Plan(int jobs, int pods, int changes, Duration limit) {
    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("jobs", jobs);
      fields.put("pods", pods);
      fields.put("changes", changes);
      return fields;
    }
  }

  /** A resource as a watch shows it; times are {@link System#nanoTime}. */
  private record Seen(boolean ready, int readyReplicas, String version, long at) {}

  KubernetesBench(Plan plan, Stage stage, KubernetesFront kubernetes) {
    this.plan = plan;
    this.stage = stage;
    this.kubernetes = kubernetes;
  }

  @Override
  public String step() {
    return stage.step();
  }

  @Override
  public Outcome run() throws InterruptedException {
    try (stage;
        kubernetes) {
      Machine machine = stage.startEtcd();
      stage.begin("starting the API server");
      kubernetes.start();
      stage.cluster().startMesos();
      stage.startOperator();
      ApiServerClient client = kubernetes.server().client();
      List<Metric> metrics = new ArrayList<>();
      ApiServerClient.Watch watch = client.watch(JOBS, this::take);
      try {
        client.create(POOLS, pool()).join();
        create(client, metrics);
        follow(client, metrics);
        resync(metrics);
      } finally {
        watch.close();
      }
      stage.cluster().requireAlive();
      return new Findings(
          plan.fields(),
          machine,
          stage.stolen(),
          metrics,
          List.of(
              "ready: from the first POST until the last resource is Ready, by a watch of the API"
                  + " server; lag: from RUNNING in etcd to the count in the status, by watches of"
                  + " both; resync: writes after a restart of the operator"),
          "Every resource became ready, and a new operator had nothing to write.",
          violations(metrics));
    }
  }

  /** All at once. */
  private void create(ApiServerClient client, List<Metric> metrics) throws InterruptedException {
    stage.begin("creating " + plan.jobs() + " StatelessJobs of " + plan.pods() + " pods");
    Witness.Series running = stage.witness().expect(plan.jobs() * plan.pods());
    Map<String, Double> cpuBefore = cpu();
    long begun = System.nanoTime();
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < plan.jobs(); i++) {
      calls.add(client.create(JOBS, job(i)));
      if (calls.size() % 16 == 0) {
        calls.get(calls.size() - 16).join();
      }
    }
    CompletableFuture.allOf(calls.toArray(new CompletableFuture<?>[0])).join();
    long created = System.nanoTime();
    await(
        () -> seen.values().stream().filter(Seen::ready).count() == plan.jobs(),
        () -> seen.values().stream().filter(Seen::ready).count() + " are ready");
    long ready = seen.values().stream().mapToLong(Seen::at).max().orElseThrow();
    if (!Witness.await(running, plan.limit())) {
      stage.witness().violated("resources are ready, and their pods do not run in etcd");
    }
    metrics.add(seconds("kubernetes.created", created - begun));
    metrics.add(seconds("kubernetes.running", stage.witness().endOf(running) - begun));
    metrics.add(seconds("kubernetes.ready", ready - begun).with(Metric.Goal.atMost(READY_SECONDS)));
    cpu()
        .forEach(
            (role, used) ->
                metrics.add(
                    Metric.shown(
                        "kubernetes.cpu." + role.replace(' ', '-'),
                        List.of(used - cpuBefore.getOrDefault(role, 0.0)),
                        "s")));
  }

  /** One more pod, again and again: from its RUNNING in etcd to the status that counts it. */
  private void follow(ApiServerClient client, List<Metric> metrics) throws InterruptedException {
    stage.begin("following " + plan.changes() + " changes");
    long[] lags = new long[plan.changes()];
    for (int i = 0; i < plan.changes(); i++) {
      String name = name(i % plan.jobs());
      int wanted = plan.pods() + 1 + i / plan.jobs();
      Witness.Series one = stage.witness().expect(1);
      client.patch(JOBS + "/" + name, "{\"spec\":{\"replicas\":" + wanted + "}}").join();
      if (!Witness.await(one, plan.limit())) {
        throw new BenchFailure("a pod that was asked for by " + name + " does not run");
      }
      await(
          () -> seen.get(name).readyReplicas() == wanted,
          () -> name + " shows " + seen.get(name).readyReplicas() + " of " + wanted);
      lags[i] = Math.max(0, seen.get(name).at() - stage.witness().endOf(one));
    }
    Percentiles percentiles = new Percentiles(lags);
    metrics.add(millis("kubernetes.lag.p50", percentiles.at(50)));
    metrics.add(
        millis("kubernetes.lag.p99", percentiles.at(99)).with(Metric.Goal.atMost(LAG_MILLIS)));
  }

  /** A new operator looks at every resource and finds each as it should be. */
  private void resync(List<Metric> metrics) {
    stage.begin("starting another operator");
    stage.quiet();
    Map<String, String> before = versions();
    stage.cluster().killOperator();
    double puts = EtcdMetrics.of(stage.cluster().etcdAddress()).puts();
    stage.cluster().startOperator();
    stage.quiet();
    double written = EtcdMetrics.of(stage.cluster().etcdAddress()).puts() - puts;
    Map<String, String> after = versions();
    long changed =
        before.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(after.get(entry.getKey())))
            .count();
    metrics.add(
        Metric.shown("kubernetes.resync.resources", List.of((double) changed), "writes")
            .with(Metric.Goal.atMost(0)));
    // The leader key, renewed, and the framework's subscription.
    metrics.add(Metric.shown("kubernetes.resync.etcd", List.of(written), "puts"));
  }

  private List<String> violations(List<Metric> metrics) {
    List<String> violations = new ArrayList<>(stage.witness().violations());
    metrics.stream()
        .filter(metric -> metric.id().equals("kubernetes.resync.resources"))
        .filter(metric -> metric.median() > 0)
        .forEach(
            metric ->
                violations.add("a resync wrote " + Metric.number(metric.median()) + " resources"));
    return violations;
  }

  private Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    JsonNode items = kubernetes.server().client().get(JOBS).get("items");
    items.forEach(
        item ->
            versions.put(
                item.at("/metadata/name").asText(), item.at("/metadata/resourceVersion").asText()));
    return versions;
  }

  private void take(JsonNode event) {
    JsonNode object = event.get("object");
    boolean ready = false;
    for (JsonNode condition : object.at("/status/conditions")) {
      ready |=
          condition.get("type").asText().equals("Ready")
              && condition.get("status").asText().equals("True")
              && condition.get("observedGeneration").asLong()
                  == object.at("/metadata/generation").asLong();
    }
    seen.put(
        object.at("/metadata/name").asText(),
        new Seen(
            ready,
            object.at("/status/readyReplicas").asInt(),
            object.at("/metadata/resourceVersion").asText(),
            System.nanoTime()));
  }

  private Map<String, Double> cpu() {
    return stage.meter().cpuSeconds();
  }

  private void await(
      java.util.function.BooleanSupplier done, java.util.function.Supplier<String> state) {
    if (!Waiting.until(plan.limit(), done)) {
      throw new BenchFailure(
          state.get()
              + " after "
              + plan.limit().toSeconds()
              + " s; the API server's log tells more");
    }
  }

  private static Metric seconds(String id, long nanos) {
    return Metric.shown(id, List.of(nanos / 1e9), "s");
  }

  private static Metric millis(String id, long nanos) {
    return Metric.shown(id, List.of((double) nanos / TimeUnit.MILLISECONDS.toNanos(1)), "ms");
  }

  private static String name(int i) {
    return "job-" + i;
  }

  private ObjectNode pool() {
    return parse(
        """
        {"apiVersion": "peloton.dev/v1alpha1", "kind": "ResourcePool",
         "metadata": {"name": "bench"},
         "spec": {"path": "/bench", "resources": [
           {"kind": "cpu", "reservation": 100000, "limit": 100000},
           {"kind": "memory", "reservation": "1000Ti", "limit": "1000Ti"},
           {"kind": "disk", "reservation": "1000Ti", "limit": "1000Ti"}]}}
        """);
  }

  private ObjectNode job(int i) {
    return parse(
        """
        {"apiVersion": "peloton.dev/v1alpha1", "kind": "StatelessJob",
         "metadata": {"name": "%s"},
         "spec": {"respool": "/bench", "replicas": %d, "template": {
           "containers": [{"name": "main", "entrypoint": {"value": "serve"},
             "resources": {"cpu": "10m", "memory": "16Mi", "disk": "1Mi"}}],
           "mesos": {"shell": true}}}}
        """
            .formatted(name(i), plan.pods()));
  }

  private ObjectNode parse(String text) {
    try {
      return (ObjectNode) json.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
