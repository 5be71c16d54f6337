package peloton.command.demo;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.JobId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.WorkflowState;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodSummary;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolRequest;
import peloton.command.client.ApiClient;
import peloton.command.client.Failures;
import peloton.command.client.JobLookup;
import peloton.command.cluster.LocalCluster;
import peloton.command.cluster.Waiting;
import peloton.command.output.Table;
import peloton.command.output.Text;

/** The demo's course. Each step waits for what it claims, and fails if that does not come. */
final class DemoStory {
  private static final int INSTANCES = 3;
  private static final int BATCH = 1;
  private static final Duration CALL_LIMIT = Duration.ofSeconds(10);

  private final LocalCluster cluster;
  private final Narrator narrator;
  private final long deadline;
  private final TaskCensus census;

  private volatile String step = "preparing";
  private final Map<String, String> shown = new HashMap<>();
  private String job = "";

  DemoStory(LocalCluster cluster, Narrator narrator, Duration limit) {
    this.cluster = cluster;
    this.narrator = narrator;
    this.deadline = System.nanoTime() + limit.toNanos();
    this.census = new TaskCensus(Path.of("/proc"), cluster.mesosWorkDir());
  }

  /** What is being done. */
  String step() {
    return step;
  }

  /**
   * Tells it all.
   *
   * @throws DemoFailure if something is not as it should be
   */
  void tell() {
    long begun = System.nanoTime();
    begin("starting the cluster", "A cluster on this machine");
    startCluster();
    try (ApiClient client = ApiClient.connect(cluster.operatorAddress(), CALL_LIMIT)) {
      begin("creating the resource pool", "A resource pool, from manifests/samples/respool.yaml");
      ResourcePoolID pool = createPool(client);
      begin("creating the job", "A job of three instances, from manifests/samples/job.yaml");
      EntityVersion first = createJob(client, pool);
      awaitPods(client, first, running(first));
      requireWorkflowDone(client);
      begin("looking at the processes", "They are processes of this machine");
      showProcesses("v1");
      begin("replacing the job", "A new version, one instance at a time");
      rollOver(client, pool);
      begin("stopping the job", "The job is stopped");
      stopJob(client);
    }
    begin("stopping the cluster", "Everything that was started is stopped");
    cluster.close();
    requireNoProcesses();
    narrator.line("");
    narrator.line(
        "The demo is over after "
            + Duration.ofNanos(System.nanoTime() - begun).toSeconds()
            + " s.");
  }

  private void begin(String doing, String title) {
    step = doing;
    narrator.chapter(title);
  }

  private void startCluster() {
    cluster.startEtcd();
    narrator.detail("etcd         " + cluster.etcdAddress() + "  pid " + cluster.etcdPid());
    cluster.startMesos();
    narrator.detail(
        "local Mesos  "
            + cluster.mesosAddress()
            + "  pid "
            + cluster.mesos().pid()
            + "  with three agents");
    cluster.startOperator();
    narrator.detail(
        "operator     " + cluster.operatorAddress() + "  pid " + cluster.operator().pid());
    narrator.detail("logs         " + cluster.logs());
  }

  private ResourcePoolID createPool(ApiClient client) {
    var file = Samples.pool();
    String path = file.path().orElseThrow();
    ResourcePoolID id =
        retrying(
            () ->
                client
                    .respools()
                    .createResourcePool(
                        CreateResourcePoolRequest.newBuilder()
                            .setSpec(
                                file.spec().toBuilder()
                                    .setName(path.substring(1))
                                    .setParent(ResourcePoolID.newBuilder().setValue("root")))
                            .build())
                    .getRespoolId());
    narrator.detail("Resource Pool " + id.getValue() + " created at " + path);
    return id;
  }

  private EntityVersion createJob(ApiClient client, ResourcePoolID pool) {
    JobSpec spec = Samples.job().spec().toBuilder().setRespoolId(pool).build();
    CreateJobResponse response =
        client
            .jobs()
            .createJob(
                CreateJobRequest.newBuilder()
                    .setSpec(spec)
                    .setCreateSpec(CreateSpec.getDefaultInstance())
                    .build());
    job = response.getJobId().getValue();
    narrator.detail("Job " + job + " created. Entity Version: " + response.getVersion().getValue());
    return EntityVersion.parse(response.getVersion().getValue());
  }

  private void rollOver(ApiClient client, ResourcePoolID pool) {
    PodGuard guard = new PodGuard(INSTANCES - BATCH);
    try (GuardThread guards = new GuardThread(census, guard)) {
      JobSpec spec = Samples.nextJob().spec().toBuilder().setRespoolId(pool).build();
      ReplaceJobResponse response =
          client
              .jobs()
              .replaceJob(
                  ReplaceJobRequest.newBuilder()
                      .setJobId(JobId.toProto(job))
                      .setVersion(new JobLookup(client).version(job).toProto())
                      .setSpec(spec)
                      .setUpdateSpec(UpdateSpec.newBuilder().setBatchSize(BATCH))
                      .build());
      EntityVersion version = EntityVersion.parse(response.getVersion().getValue());
      narrator.detail("manifests/samples/job-v2.yaml. New EntityVersion: " + version);
      awaitPods(client, version, pods -> pods.stream().anyMatch(pod -> runs(pod, version)));

      begin("killing the operator", "In the middle of that, the operator is killed");
      killOperator();
      begin("starting the operator again", "The operator is started again");
      cluster.startOperator();
      client.retryNow();
      narrator.detail("operator     pid " + cluster.operator().pid());
      awaitPods(client, version, running(version));
      requireWorkflowDone(client);

      begin("checking the pods", "No pod was lost or doubled");
      guards.finish();
      check(guards, guard, client, version);
    }
  }

  private void killOperator() {
    long pid = cluster.operator().pid();
    cluster.killOperator();
    narrator.detail("kill -9 " + pid);
    if (census.isPossible()) {
      List<LiveTask> alive = census.take();
      narrator.detail("Without it " + alive.size() + " pods run on: pids " + pids(alive));
      if (alive.stream().filter(task -> task.pod().run() > 1).count() == INSTANCES) {
        fail("the update was over before the operator was killed");
      }
    }
  }

  private void check(GuardThread guards, PodGuard guard, ApiClient client, EntityVersion version) {
    if (census.isPossible()) {
      guards.wrong().ifPresent(this::fail);
      narrator.detail(
          "In "
              + guard.samples()
              + " counts of the processes no pod was there twice, and never were fewer than "
              + guard.fewest()
              + " there.");
      showProcesses("v2");
    }
    List<PodSummary> pods = pods(client);
    if (pods.size() != INSTANCES || !running(version).test(pods)) {
      fail("the API does not show " + INSTANCES + " pods of version " + version);
    }
    narrator.table(table(pods));
  }

  private void stopJob(ApiClient client) {
    client
        .jobs()
        .stopJob(
            StopJobRequest.newBuilder()
                .setJobId(JobId.toProto(job))
                .setVersion(new JobLookup(client).version(job).toProto())
                .build());
    awaitPods(
        client,
        new EntityVersion(0, 0, 0),
        pods ->
            pods.stream().allMatch(pod -> pod.getStatus().getState() == PodState.POD_STATE_KILLED));
    await(
        "the job's state becomes KILLED",
        () ->
            new JobLookup(client)
                .summary(job)
                .filter(summary -> summary.getStatus().getState() == JobState.JOB_STATE_KILLED)
                .isPresent());
    requireNoProcesses();
  }

  private void requireNoProcesses() {
    if (!census.isPossible()) {
      return;
    }
    if (!Waiting.until(Duration.ofSeconds(5), () -> census.take().isEmpty())) {
      fail("processes of the job are still there: pids " + pids(census.take()));
    }
    narrator.detail("No process of the job is left.");
  }

  private void showProcesses(String version) {
    if (!census.isPossible()) {
      narrator.detail("(This system has no /proc to show them.)");
      return;
    }
    List<LiveTask> tasks = census.take();
    if (tasks.size() != INSTANCES
        || tasks.stream().map(task -> task.pod().name()).distinct().count() != INSTANCES) {
      fail("expected one process for each of " + INSTANCES + " pods, found " + tasks);
    }
    Table table = new Table(List.of("Instance", "Pod ID", "PID", "Last line of its stdout"));
    for (LiveTask task : tasks) {
      Path stdout = task.sandbox().resolve("stdout");
      await("pod " + task.pod() + " prints " + version, () -> lastLine(stdout).contains(version));
      table.row(
          List.of(
              Integer.toString(task.pod().instance()),
              task.pod().toString(),
              Long.toString(task.pid()),
              lastLine(stdout)));
    }
    narrator.table(table);
  }

  private void requireWorkflowDone(ApiClient client) {
    await(
        "the workflow's state becomes SUCCEEDED",
        () ->
            new JobLookup(client)
                .summary(job)
                .filter(
                    summary ->
                        summary.getStatus().getWorkflowStatus().getState()
                            == WorkflowState.WORKFLOW_STATE_SUCCEEDED)
                .isPresent());
    narrator.detail("The workflow has SUCCEEDED.");
  }

  /** Shows every change of a pod until the condition holds. */
  private void awaitPods(
      ApiClient client, EntityVersion version, Predicate<List<PodSummary>> condition) {
    await(
        "the pods are as they should be (version " + version + ")",
        () -> {
          List<PodSummary> pods = pods(client);
          for (PodSummary pod : pods) {
            String now = line(pod);
            if (!now.equals(shown.put(pod.getPodName().getValue(), now))) {
              narrator.detail(now);
            }
          }
          return condition.test(pods);
        });
  }

  private void await(String what, BooleanSupplier condition) {
    boolean held =
        Waiting.until(
            Duration.ofNanos(Math.max(0, deadline - System.nanoTime())),
            () -> {
              cluster.requireAlive();
              try {
                return condition.getAsBoolean();
              } catch (StatusRuntimeException e) {
                if (!Failures.isTransient(e)) {
                  throw e;
                }
                return false;
              }
            });
    if (!held) {
      fail("the time is over, and it is not so that " + what);
    }
  }

  private <T> T retrying(Supplier<T> call) {
    List<T> result = new ArrayList<>();
    await(
        "the operator takes the call",
        () -> {
          result.add(call.get());
          return true;
        });
    return result.get(0);
  }

  private List<PodSummary> pods(ApiClient client) {
    List<PodSummary> pods = new ArrayList<>();
    client
        .jobs()
        .listPods(ListPodsRequest.newBuilder().setJobId(JobId.toProto(job)).build())
        .forEachRemaining(response -> pods.addAll(response.getPodsList()));
    pods.sort(Comparator.comparingInt(DemoStory::instance));
    return pods;
  }

  private static Predicate<List<PodSummary>> running(EntityVersion version) {
    return pods ->
        pods.size() == INSTANCES
            && pods.stream().map(PodSummary::getPodName).distinct().count() == INSTANCES
            && pods.stream().allMatch(pod -> runs(pod, version));
  }

  private static boolean runs(PodSummary pod, EntityVersion version) {
    return pod.getStatus().getState() == PodState.POD_STATE_RUNNING
        && pod.getStatus()
            .getVersion()
            .getValue()
            .equals(EntityVersion.ofConfiguration(version.configuration()).toString());
  }

  private static String line(PodSummary pod) {
    var status = pod.getStatus();
    String text =
        "pod "
            + instance(pod)
            + "  run "
            + status.getPodId().getValue().replaceAll(".*-", "")
            + "  version "
            + status.getVersion().getValue()
            + "  "
            + Text.state(status.getState(), "POD_STATE_");
    return status.getHost().isEmpty() ? text : text + " on " + status.getHost();
  }

  private static Table table(List<PodSummary> pods) {
    Table table = new Table(List.of("Pod ID", "State", "Version", "Host", "Start Time"));
    for (PodSummary pod : pods) {
      table.row(
          List.of(
              pod.getStatus().getPodId().getValue(),
              Text.state(pod.getStatus().getState(), "POD_STATE_"),
              pod.getStatus().getVersion().getValue(),
              pod.getStatus().getHost(),
              Text.time(pod.getStatus().getStartTime())));
    }
    return table;
  }

  private static int instance(PodSummary pod) {
    return PodName.parse(pod.getPodName().getValue()).instance();
  }

  private static String pids(List<LiveTask> tasks) {
    return tasks.stream().map(task -> Long.toString(task.pid())).collect(Collectors.joining(", "));
  }

  private static String lastLine(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    } catch (IOException e) {
      return "";
    }
  }

  private void fail(String message) {
    throw new DemoFailure(message);
  }
}
