package peloton.command.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobResponse;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobResponse;
import peloton.api.v1alpha.peloton.Peloton.EntityVersion;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.pod.Pod.CommandSpec;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolRequest;
import peloton.command.client.ApiClient;

/** The client of the control plane under test: makes jobs and removes them. */
final class Load implements AutoCloseable {
  /** What the simulated pods would run. */
  static final String COMMAND = "exec sleep 1000000";

  /** Who owns the jobs. */
  static final String OWNER = "bench";

  private static final int CALLS_AT_ONCE = 16;
  private static final double PLENTY = 1e9;

  private final ApiClient api;
  private final ResourcePoolID pool;
  private final ExecutorService callers = Executors.newFixedThreadPool(CALLS_AT_ONCE);

  /** A job that was created. */
  record Job(JobID id, EntityVersion version, int pods) {}

  /**
   * Jobs that were created, or replaced, together.
   *
   * @param begun when the first call was sent, by {@link System#nanoTime}
   * @param sent when each job's call was sent, by job id
   */
  record Creation(long begun, Map<String, Long> sent, List<Job> jobs) {
    Map<String, Integer> pods() {
      Map<String, Integer> pods = new LinkedHashMap<>();
      jobs.forEach(job -> pods.put(job.id().getValue(), job.pods()));
      return pods;
    }
  }

  /** Makes a resource pool that limits nothing. */
  Load(ApiClient api) {
    this.api = api;
    ResourcePoolSpec.Builder spec =
        ResourcePoolSpec.newBuilder()
            .setName("bench")
            .setOwningTeam("bench")
            .setParent(ResourcePoolID.newBuilder().setValue("root"));
    for (String kind : List.of("cpu", "memory", "disk", "gpu")) {
      spec.addResources(
          peloton.api.v1alpha.respool.Respool.ResourceSpec.newBuilder()
              .setKind(kind)
              .setReservation(PLENTY)
              .setLimit(PLENTY)
              .setShare(1));
    }
    pool =
        api.respools()
            .createResourcePool(CreateResourcePoolRequest.newBuilder().setSpec(spec).build())
            .getRespoolId();
  }

  /** Creates jobs of these sizes at once. */
  Creation create(List<Integer> sizes) {
    Map<String, Long> sent = new LinkedHashMap<>();
    List<Future<Job>> calls = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < sizes.size(); i++) {
      int size = sizes.get(i);
      CreateJobRequest request =
          CreateJobRequest.newBuilder()
              .setSpec(spec("bench-" + i, size, 1))
              .setCreateSpec(CreateSpec.getDefaultInstance())
              .build();
      calls.add(
          callers.submit(
              () -> {
                long at = System.nanoTime();
                CreateJobResponse response = api.jobs().createJob(request);
                synchronized (sent) {
                  sent.put(response.getJobId().getValue(), at);
                }
                return new Job(response.getJobId(), response.getVersion(), size);
              }));
    }
    List<Job> jobs = new ArrayList<>();
    calls.forEach(call -> jobs.add(get(call)));
    synchronized (sent) {
      return new Creation(begun, Map.copyOf(sent), jobs);
    }
  }

  /**
   * Replaces the spec of jobs at once, so that each pod is another.
   *
   * @param generation other than that of the spec before
   * @param batch how many pods of each job may be updated at one time
   * @return the jobs with their new versions, and when each call was sent
   */
  Creation replace(Creation creation, int generation, int batch) {
    Map<String, Long> sent = new LinkedHashMap<>();
    List<Future<Job>> calls = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < creation.jobs().size(); i++) {
      Job job = creation.jobs().get(i);
      ReplaceJobRequest request =
          ReplaceJobRequest.newBuilder()
              .setJobId(job.id())
              .setVersion(job.version())
              .setSpec(spec("bench-" + i, job.pods(), generation))
              .setUpdateSpec(UpdateSpec.newBuilder().setBatchSize(batch))
              .build();
      calls.add(
          callers.submit(
              () -> {
                long at = System.nanoTime();
                ReplaceJobResponse response = api.jobs().replaceJob(request);
                synchronized (sent) {
                  sent.put(job.id().getValue(), at);
                }
                return new Job(job.id(), response.getVersion(), job.pods());
              }));
    }
    List<Job> jobs = new ArrayList<>();
    calls.forEach(call -> jobs.add(get(call)));
    synchronized (sent) {
      return new Creation(begun, Map.copyOf(sent), jobs);
    }
  }

  /** Deletes running jobs; they are gone some time later. */
  void delete(List<Job> jobs) {
    List<Future<Boolean>> calls = new ArrayList<>();
    for (Job job : jobs) {
      calls.add(
          callers.submit(
              () -> {
                api.jobs()
                    .deleteJob(
                        DeleteJobRequest.newBuilder()
                            .setJobId(job.id())
                            .setVersion(job.version())
                            .setForce(true)
                            .build());
                return true;
              }));
    }
    calls.forEach(Load::get);
  }

  private JobSpec spec(String name, int pods, int generation) {
    return JobSpec.newBuilder()
        .setName(name)
        .setOwner(OWNER)
        .setOwningTeam(OWNER)
        .setInstanceCount(pods)
        .setRespoolId(pool)
        .setDefaultSpec(
            PodSpec.newBuilder()
                .addContainers(
                    ContainerSpec.newBuilder()
                        .setName("sleep")
                        .setImage("bench:" + generation)
                        .setResource(
                            ResourceSpec.newBuilder()
                                .setCpuLimit(LaunchPlan.POD_CPUS)
                                .setMemLimitMb(LaunchPlan.POD_MEM_MB)
                                .setDiskLimitMb(LaunchPlan.POD_DISK_MB))
                        .setEntrypoint(CommandSpec.newBuilder().setValue(COMMAND))))
        .build();
  }

  private static <T> T get(Future<T> call) {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw new BenchFailure("a call failed: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted");
    }
  }

  @Override
  public void close() {
    callers.shutdownNow();
  }
}
