package peloton.operator.read;

import java.util.ArrayList;
import java.util.List;
import org.apache.mesos.v1.Protos.AgentID;
import peloton.api.ids.EntityVersion;
import peloton.api.ids.PodId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.peloton.Peloton.Revision;
import peloton.api.v1alpha.pod.Pod.ContainerState;
import peloton.api.v1alpha.pod.Pod.ContainerStatus;
import peloton.api.v1alpha.pod.Pod.HealthStatus;
import peloton.api.v1alpha.pod.Pod.PodEvent;
import peloton.api.v1alpha.pod.Pod.PodInfo;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodStatus;
import peloton.api.v1alpha.pod.Pod.PodSummary;
import peloton.desired.pod.WantedPods;
import peloton.records.JobGoalRecord;
import peloton.records.PodEventRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.store.view.JobEntry;

/**
 * Pods as the API shows them. An instance that was never launched has no record; it is shown as
 * what it will be: INITIALIZED, in its first run.
 */
public final class PodReader {
  private final SpecReader specs;

  public PodReader(SpecReader specs) {
    this.specs = specs;
  }

  /** Whether a job has this instance: it should, or something of it is still there. */
  public boolean exists(JobEntry job, int instance) {
    return job.pods().get(instance) != null
        || CurrentJob.find(job)
            .filter(current -> instance < current.spec().getInstanceCount())
            .isPresent();
  }

  /** One above the largest instance that may {@link #exists exist}. */
  public int bound(JobEntry job) {
    int wanted = CurrentJob.find(job).map(current -> current.spec().getInstanceCount()).orElse(0);
    return Math.max(wanted, job.pods().bound());
  }

  public PodSummary summary(JobEntry job, int instance) {
    return summary(job, instance, record(job, instance));
  }

  /** A summary from one particular state of the pod's record. */
  public PodSummary summary(JobEntry job, int instance, PodRecord record) {
    return PodSummary.newBuilder()
        .setPodName(new PodName(job.id(), instance).toProto())
        .setStatus(status(job, instance, record))
        .build();
  }

  /** What is left to say of an instance that was removed. */
  public PodSummary deleted(String job, int instance, long revision) {
    return PodSummary.newBuilder()
        .setPodName(new PodName(job, instance).toProto())
        .setStatus(
            PodStatus.newBuilder()
                .setState(PodState.POD_STATE_DELETED)
                .setDesiredState(PodState.POD_STATE_DELETED)
                .setRevision(Revision.newBuilder().setVersion(revision)))
        .build();
  }

  /** The instance's current run, with its spec if asked for. */
  public PodInfo info(JobEntry job, int instance, boolean withSpec) {
    return info(job, instance, record(job, instance), withSpec);
  }

  /** A run that is over, from its record; without spec if the version that it ran on is gone. */
  public PodInfo past(JobEntry job, int instance, PodRecord record, boolean withSpec) {
    PodInfo.Builder info = info(job, instance, record, withSpec).toBuilder();
    PodName name = new PodName(job.id(), instance);
    PodState lastGoal =
        record.getEventsCount() == 0
            ? PodState.POD_STATE_INVALID
            : record.getEvents(record.getEventsCount() - 1).getGoal();
    info.getStatusBuilder()
        .setDesiredState(lastGoal)
        .setDesiredPodId(name.run(Math.max(record.getDesiredRun(), record.getRun())).toProto());
    return info.build();
  }

  private PodInfo info(JobEntry job, int instance, PodRecord record, boolean withSpec) {
    PodInfo.Builder info = PodInfo.newBuilder().setStatus(status(job, instance, record));
    JobSpec spec = job.spec(record.getVersion());
    if (withSpec && spec != null) {
      info.setSpec(
          specs.pod(spec, instance).toBuilder()
              .setPodName(new PodName(job.id(), instance).toProto()));
    }
    return info.build();
  }

  /** A run's story, newest first. */
  public List<PodEvent> events(String job, int instance, PodRecord record) {
    PodName name = new PodName(job, instance);
    List<PodEvent> events = new ArrayList<>(record.getEventsCount());
    for (int i = record.getEventsCount() - 1; i >= 0; i--) {
      PodEventRecord event = record.getEvents(i);
      events.add(
          PodEvent.newBuilder()
              .setPodId(name.run(record.getRun()).toProto())
              .setPrevPodId(name.run(record.getPreviousRun()).toProto())
              .setDesiredPodId(name.run(Math.max(event.getDesiredRun(), record.getRun())).toProto())
              .setActualState(event.getState().name())
              .setDesiredState(event.getGoal().name())
              .setTimestamp(Times.seconds(event.getAt()))
              .setVersion(EntityVersion.ofConfiguration(event.getVersion()).toProto())
              .setDesiredVersion(EntityVersion.ofConfiguration(event.getDesiredVersion()).toProto())
              .setAgentId(record.getAgentId())
              .setHostname(record.getHost())
              .setMessage(event.getMessage())
              .setReason(event.getReason())
              .setHealthy(event.getHealth().name())
              .build());
    }
    return events;
  }

  /** The labels of an instance, by the spec that its current run is on. */
  public List<Label> labels(JobEntry job, int instance, PodRecord record) {
    JobSpec spec = job.spec(record.getVersion());
    if (spec != null) {
      return labels(spec, instance);
    }
    return CurrentJob.find(job).map(current -> labels(current.spec(), instance)).orElse(List.of());
  }

  /** The labels of an instance by one spec. */
  public static List<Label> labels(JobSpec spec, int instance) {
    PodSpec own = spec.getInstanceSpecMap().get(instance);
    return own == null || own.getLabelsCount() == 0
        ? spec.getDefaultSpec().getLabelsList()
        : own.getLabelsList();
  }

  /** The record of an instance, or what stands for it before its first launch. */
  public PodRecord record(JobEntry job, int instance) {
    PodRecord record = job.pods().get(instance);
    if (record != null) {
      return record;
    }
    JobGoalRecord goal = CurrentJob.of(job).goal();
    return PodRecord.newBuilder()
        .setRun(1)
        .setDesiredRun(1)
        .setState(PodState.POD_STATE_INITIALIZED)
        .setVersion(goal.getConfigurationVersion())
        .setDesiredVersion(goal.getConfigurationVersion())
        .setCreatedAt(goal.getCreatedAt())
        .build();
  }

  private PodStatus status(JobEntry job, int instance, PodRecord record) {
    PodName name = new PodName(job.id(), instance);
    PodStatus.Builder status =
        PodStatus.newBuilder()
            .setState(record.getState())
            .setPodId(name.run(record.getRun()).toProto())
            .setStartTime(Times.precise(record.getStartedAt()))
            .setCompletionTime(Times.precise(record.getCompletedAt()))
            .setHost(record.getHost())
            .addContainersStatus(container(job, instance, record))
            .setDesiredState(desiredState(job, instance))
            .setMessage(record.getMessage())
            .setReason(record.getReason())
            .setFailureCount(record.getFailureCount())
            .setVersion(EntityVersion.ofConfiguration(record.getVersion()).toProto())
            .setDesiredVersion(EntityVersion.ofConfiguration(record.getDesiredVersion()).toProto())
            .setRevision(
                Revision.newBuilder()
                    .setVersion(record.getRevision())
                    .setCreatedAt(record.getCreatedAt())
                    .setUpdatedAt(record.getUpdatedAt()))
            .setDesiredPodId(name.run(desiredRun(job, instance, record)).toProto())
            .setDesiredHost(record.getDesiredHost());
    if (record.getPreviousRun() > 0) {
      status.setPrevPodId(new PodId(job.id(), instance, record.getPreviousRun()).toProto());
    }
    if (!record.getAgentId().isEmpty()) {
      status.setAgentId(AgentID.newBuilder().setValue(record.getAgentId()));
    }
    return status.build();
  }

  private static long desiredRun(JobEntry job, int instance, PodRecord record) {
    PodGoalRecord goal = job.podGoals().get(instance);
    long asked = goal == null ? 0 : goal.getDesiredRun();
    return Math.max(Math.max(asked, record.getDesiredRun()), record.getRun());
  }

  /** A goal that a client gave this pod holds until the job is started or stopped again. */
  private static PodState desiredState(JobEntry job, int instance) {
    CurrentJob current = CurrentJob.find(job).orElse(null);
    if (current == null
        || current.goal().getGoal() == JobState.JOB_STATE_DELETED
        || instance >= current.spec().getInstanceCount()) {
      return PodState.POD_STATE_DELETED;
    }
    return WantedPods.run(job, instance) ? PodState.POD_STATE_RUNNING : PodState.POD_STATE_KILLED;
  }

  private ContainerStatus container(JobEntry job, int instance, PodRecord record) {
    ContainerStatus.Builder container =
        ContainerStatus.newBuilder()
            .setState(containerState(record.getState()))
            .putAllPorts(record.getPortsMap())
            .setMessage(record.getMessage())
            .setReason(record.getReason())
            .setFailureCount(record.getFailureCount())
            .setHealthy(HealthStatus.newBuilder().setState(record.getHealth()))
            .setStartTime(Times.precise(record.getStartedAt()))
            .setCompletionTime(Times.precise(record.getCompletedAt()));
    JobSpec spec = job.spec(record.getVersion());
    if (spec != null) {
      specs
          .container(spec, instance)
          .ifPresent(said -> container.setName(said.getName()).setImage(said.getImage()));
    }
    if (record.hasTermination()) {
      container.setTerminationStatus(record.getTermination());
    }
    return container.build();
  }

  private static ContainerState containerState(PodState state) {
    return switch (state) {
      case POD_STATE_LAUNCHED -> ContainerState.CONTAINER_STATE_LAUNCHED;
      case POD_STATE_STARTING -> ContainerState.CONTAINER_STATE_STARTING;
      case POD_STATE_RUNNING -> ContainerState.CONTAINER_STATE_RUNNING;
      case POD_STATE_SUCCEEDED -> ContainerState.CONTAINER_STATE_SUCCEEDED;
      case POD_STATE_FAILED, POD_STATE_LOST -> ContainerState.CONTAINER_STATE_FAILED;
      case POD_STATE_KILLING, POD_STATE_PREEMPTING -> ContainerState.CONTAINER_STATE_KILLING;
      case POD_STATE_KILLED, POD_STATE_DELETED -> ContainerState.CONTAINER_STATE_KILLED;
      case POD_STATE_INVALID, UNRECOGNIZED -> ContainerState.CONTAINER_STATE_INVALID;
      default -> ContainerState.CONTAINER_STATE_PENDING;
    };
  }
}
