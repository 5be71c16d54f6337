package peloton.operator.read;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.AgentID;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.peloton.Peloton.EntityVersion;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.peloton.Peloton.PodID;
import peloton.api.v1alpha.peloton.Peloton.Revision;
import peloton.api.v1alpha.peloton.Peloton.VolumeID;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodEvent;
import peloton.api.v1alpha.pod.Pod.PodInfo;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodStatus;
import peloton.api.v1alpha.pod.Pod.PodSummary;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.desired.pod.DeletedEvents;
import peloton.desired.pod.WantedPods;
import peloton.records.PodEventRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.LastRuns;
import peloton.workflow.VersionMarkers;

/**
 * Pods as the API shows them. An instance that was never launched has no record; it is shown in the
 * run that it will begin with, see {@link Unlaunched}.
 */
public final class PodReader {
  private final SpecReader specs;
  private final InstantSource clock;

  /**
   * @param clock tells how much a run that goes on has used
   */
  public PodReader(SpecReader specs, InstantSource clock) {
    this.specs = specs;
    this.clock = clock;
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

  public PodSummary summary(JobEntry job, int instance, LastRuns lastRuns) {
    return summary(job, instance, record(job, instance, lastRuns));
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
  public PodInfo info(JobEntry job, int instance, LastRuns lastRuns, boolean withSpec) {
    return info(job, instance, record(job, instance, lastRuns), withSpec);
  }

  /** The instance's status, whether or not it was ever launched. */
  public PodStatus status(JobEntry job, int instance, LastRuns lastRuns) {
    return status(job, instance, record(job, instance, lastRuns));
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
        .setVersion(version(record.getVersion()))
        .setDesiredVersion(version(record.getDesiredVersion()))
        .setDesiredPodId(name.run(Math.max(record.getDesiredRun(), record.getRun())).toProto());
    return info.build();
  }

  /** A run by one particular state of its record. */
  public PodInfo info(JobEntry job, int instance, PodRecord record, boolean withSpec) {
    PodInfo.Builder info = PodInfo.newBuilder().setStatus(status(job, instance, record));
    JobSpec spec = job.spec(record.getVersion());
    if (withSpec && spec != null) {
      info.setSpec(
          specs.pod(spec, instance).toBuilder()
              .setPodName(new PodName(job.id(), instance).toProto()));
    }
    return info.build();
  }

  /** A run's story, newest first, without what a client deleted of it. */
  public List<PodEvent> events(JobEntry job, int instance, PodRecord record) {
    PodName name = new PodName(job.id(), instance);
    List<PodEventRecord> visible = DeletedEvents.visible(job.podGoals().get(instance), record);
    List<PodEvent> events = new ArrayList<>(visible.size());
    for (int i = visible.size() - 1; i >= 0; i--) {
      PodEventRecord event = visible.get(i);
      events.add(
          PodEvent.newBuilder()
              .setPodId(name.run(record.getRun()).toProto())
              .setPrevPodId(name.run(record.getPreviousRun()).toProto())
              .setDesiredPodId(name.run(Math.max(event.getDesiredRun(), record.getRun())).toProto())
              .setActualState(event.getState().name())
              .setDesiredState(event.getGoal().name())
              .setTimestamp(Times.seconds(event.getAt()))
              .setVersion(version(event.getVersion()))
              .setDesiredVersion(version(event.getDesiredVersion()))
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
  public PodRecord record(JobEntry job, int instance, LastRuns lastRuns) {
    PodRecord record = job.pods().get(instance);
    return record != null
        ? record
        : new Unlaunched(job, CurrentJob.of(job)).record(instance, lastRuns);
  }

  private PodStatus status(JobEntry job, int instance, PodRecord record) {
    // Written once and used twice where they are mostly equal: lists are made of thousands.
    String name = new PodName(job.id(), instance).toString();
    long desiredRun = desiredRun(job, instance, record);
    PodID podId = podId(name, record.getRun());
    long current = VersionMarkers.current(job, instance, record);
    long desired = VersionMarkers.desired(job, instance, record);
    EntityVersion version = version(current);
    String started = Times.precise(record.getStartedAt());
    String completed = Times.precise(record.getCompletedAt());
    PodSpec spec = containers(job, instance, record.getVersion());
    PodStatus.Builder status =
        PodStatus.newBuilder()
            .setState(record.getState())
            .setPodId(podId)
            .setStartTime(started)
            .setCompletionTime(completed)
            .setHost(record.getHost())
            .addAllInitContainersStatus(ContainerStatuses.init(spec, record))
            .addAllContainersStatus(ContainerStatuses.main(spec, record, started, completed))
            .setDesiredState(desiredState(job, instance))
            .setMessage(record.getMessage())
            .setReason(record.getReason())
            .setFailureCount(record.getFailureCount())
            .setVersion(version)
            .setDesiredVersion(desired == current ? version : version(desired))
            .putAllResourceUsage(usage(spec, record))
            .setRevision(
                Revision.newBuilder()
                    .setVersion(record.getRevision())
                    .setCreatedAt(record.getCreatedAt())
                    .setUpdatedAt(record.getUpdatedAt()))
            .setDesiredPodId(desiredRun == record.getRun() ? podId : podId(name, desiredRun))
            .setDesiredHost(record.getDesiredHost());
    WaitingReader.of(job, instance, record)
        .ifPresent(why -> status.setMessage(WaitingReader.line(why)).setReason(why.getReason()));
    if (!record.getVolume().isEmpty()) {
      status.setVolumeId(VolumeID.newBuilder().setValue(record.getVolume()));
    }
    if (record.getPreviousRun() > 0) {
      status.setPrevPodId(podId(name, record.getPreviousRun()));
    }
    if (!record.getAgentId().isEmpty()) {
      status
          .setAgentId(AgentID.newBuilder().setValue(record.getAgentId()))
          .setHostId(record.getAgentId());
    }
    return status.build();
  }

  private static PodID podId(String name, long run) {
    return PodID.newBuilder().setValue(name + '-' + run).build();
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

  /** What the run's containers are by its spec; nothing if that version is not kept. */
  private PodSpec containers(JobEntry job, int instance, long version) {
    JobSpec spec = job.spec(version);
    return spec == null ? PodSpec.getDefaultInstance() : specs.pod(spec, instance);
  }

  /** What the run was allowed to use, times the seconds since its start; empty until it runs. */
  private Map<String, Double> usage(PodSpec spec, PodRecord record) {
    if (record.getStartedAt() == 0) {
      return Map.of();
    }
    ResourceSpec limits = limits(spec);
    long end = record.getCompletedAt() == 0 ? Times.unix(clock) : record.getCompletedAt();
    double seconds = Math.max(0, end - record.getStartedAt()) / 1e9;
    return Map.of(
        "cpu", limits.getCpuLimit() * seconds,
        "memory", limits.getMemLimitMb() * seconds,
        "disk", limits.getDiskLimitMb() * seconds,
        "gpu", limits.getGpuLimit() * seconds);
  }

  private static EntityVersion version(long configuration) {
    return peloton.api.ids.EntityVersion.ofConfiguration(configuration).toProto();
  }

  private static ResourceSpec limits(PodSpec pod) {
    if (pod.getContainersCount() == 1) {
      return pod.getContainers(0).getResource();
    }
    ResourceSpec.Builder sum = ResourceSpec.newBuilder();
    for (ContainerSpec container : pod.getContainersList()) {
      ResourceSpec one = container.getResource();
      sum.setCpuLimit(sum.getCpuLimit() + one.getCpuLimit())
          .setMemLimitMb(sum.getMemLimitMb() + one.getMemLimitMb())
          .setDiskLimitMb(sum.getDiskLimitMb() + one.getDiskLimitMb())
          .setGpuLimit(sum.getGpuLimit() + one.getGpuLimit());
    }
    return sum.build();
  }
}
