package peloton.command.job;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import peloton.api.ids.JobId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.Stateless.JobStatus;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListPodsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.QueryPodsRequest;
import peloton.api.v1alpha.pod.Pod.HealthState;
import peloton.api.v1alpha.pod.Pod.PodInfo;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodStatus;
import peloton.api.v1alpha.pod.Pod.PodSummary;
import peloton.api.v1alpha.pod.Pod.QuerySpec;
import peloton.api.v1alpha.query.Query.PaginationSpec;
import peloton.command.client.ApiClient;
import peloton.command.pod.PodViews;

/**
 * The pods of a job that keep it from being done. What the server does not say is left out: the
 * job's own progress is what counts.
 */
final class Stragglers {
  private static final int EXPLAINED = 5;

  /** How many pods are looked at; a job may have 100,000. */
  private static final int LOOKED_AT = 100;

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** All in which a pod should not stay. */
  private static final List<PodState> NOT_RUNNING =
      Arrays.stream(PodState.values())
          .filter(
              state ->
                  state != PodState.UNRECOGNIZED
                      && state != PodState.POD_STATE_INVALID
                      && state != PodState.POD_STATE_RUNNING
                      && state != PodState.POD_STATE_SUCCEEDED
                      && state != PodState.POD_STATE_KILLED
                      && state != PodState.POD_STATE_DELETED)
          .toList();

  private final ApiClient client;
  private final String job;
  private final LongSupplier nanoTime;
  private List<String> known = List.of();
  private boolean asked;
  private long askedAt;

  Stragglers(ApiClient client, String job, LongSupplier nanoTime) {
    this.client = client;
    this.job = job;
    this.nanoTime = nanoTime;
  }

  /** As of the last question. */
  List<String> lines() {
    return known;
  }

  /** Lines for the first few pods that fail; asks the server once a second at most. */
  List<String> now(JobStatus status) {
    long now = nanoTime.getAsLong();
    if (!asked || now - askedAt >= INTERVAL.toNanos()) {
      asked = true;
      askedAt = now;
      known = failing(status);
    }
    return known;
  }

  /** Lines for the first few pods that do not run, for whatever reason. */
  List<String> unready() {
    List<PodSummary> pods = new ArrayList<>();
    try {
      client
          .jobs()
          .listPods(ListPodsRequest.newBuilder().setJobId(JobId.toProto(job)).build())
          .forEachRemaining(response -> pods.addAll(response.getPodsList()));
    } catch (StatusRuntimeException e) {
      return List.of();
    }
    return pods.stream()
        .filter(pod -> pod.getStatus().getState() != PodState.POD_STATE_RUNNING)
        .sorted(Comparator.comparing(pod -> pod.getPodName().getValue()))
        .limit(EXPLAINED)
        .map(PodViews::line)
        .toList();
  }

  private List<String> failing(JobStatus status) {
    Map<Integer, PodStatus> pods = new LinkedHashMap<>();
    try {
      boolean allRun =
          status.getPodStatsMap().entrySet().stream()
              .noneMatch(
                  entry ->
                      entry.getValue() != 0
                          && NOT_RUNNING.stream().anyMatch(s -> s.name().equals(entry.getKey())));
      if (!allRun) {
        collect(QuerySpec.newBuilder().addAllPodStates(NOT_RUNNING), pods);
      }
      // These may run, and be unhealthy.
      List<Integer> current = status.getWorkflowStatus().getInstancesCurrentList();
      if (!current.isEmpty()) {
        QuerySpec.Builder query = QuerySpec.newBuilder();
        current.stream()
            .limit(LOOKED_AT)
            .forEach(instance -> query.addNames(new PodName(job, instance).toProto()));
        collect(query, pods);
      }
    } catch (StatusRuntimeException e) {
      return known;
    }
    return pods.entrySet().stream()
        .filter(pod -> isFailing(pod.getValue()))
        .sorted(Map.Entry.comparingByKey())
        .limit(EXPLAINED)
        .map(pod -> PodViews.trouble(pod.getKey(), pod.getValue()))
        .toList();
  }

  private void collect(QuerySpec.Builder query, Map<Integer, PodStatus> pods) {
    PaginationSpec page = PaginationSpec.newBuilder().setLimit(LOOKED_AT).build();
    List<PodInfo> found =
        client
            .jobs()
            .queryPods(
                QueryPodsRequest.newBuilder()
                    .setJobId(JobId.toProto(job))
                    .setSpec(query.setPagination(page))
                    .setSummaryOnly(true)
                    .build())
            .getPodsList();
    found.forEach(pod -> pods.put(PodViews.instance(pod), pod.getStatus()));
  }

  private static boolean isFailing(PodStatus pod) {
    return pod.getState() == PodState.POD_STATE_FAILED
        || pod.getState() == PodState.POD_STATE_LOST
        || (pod.getFailureCount() != 0 && pod.getState() != PodState.POD_STATE_RUNNING)
        || pod.getContainersStatusList().stream()
            .anyMatch(
                container ->
                    container.getHealthy().getState() == HealthState.HEALTH_STATE_UNHEALTHY);
  }
}
