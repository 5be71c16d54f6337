package peloton.desired.pod;

import static peloton.desired.ApiException.Code.ABORTED;
import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;
import static peloton.desired.ApiException.Code.NOT_FOUND;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import peloton.api.ids.PodId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.desired.Decision;
import peloton.desired.job.JobRequests;
import peloton.desired.job.JobSnapshot;
import peloton.desired.job.PartialStart;
import peloton.desired.job.PoolClaim;
import peloton.desired.owner.Ownership;
import peloton.desired.owner.Requester;
import peloton.records.JobGoalRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;
import peloton.store.Txn;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/**
 * Decides what a request to a single pod comes to. Pure: records and time in, a decision out.
 *
 * <p>Every change writes the pod's goal record. It is guarded by that record, so that two changes
 * of one pod come one after the other, and by the job's goal, so that none is made to a job which
 * has become another. Changes of two pods of a job do not hinder each other.
 */
final class PodChanges {
  private final Keyspace keys;
  private final Requester requester;

  PodChanges(Keyspace keys, Requester requester) {
    this.keys = keys;
    this.requester = requester;
  }

  /** A pod that a request names. */
  private record Pod(JobSnapshot job, PodName name, PodGoalRecord own, PodRecord record) {
    boolean wanted() {
      return WantedPods.run(job.entry(), name.instance());
    }

    boolean holds() {
      return WantedPods.holds(own, job.goal());
    }

    /** Whether its last run failed and the next would have to wait; to name that run ends it. */
    boolean waits() {
      return record != null && record.getNotBefore() != 0;
    }

    int instances() {
      return job.spec().getInstanceCount();
    }
  }

  /**
   * Has a pod run.
   *
   * @param guard that nobody has changed the pod's goal since it was read
   */
  Decision<Boolean> start(Records records, Txn.Guard guard, PodName name, long now) {
    return onLastingPod(
        records,
        name,
        pod -> {
          if (pod.wanted()) {
            return new Decision.Answer<>(false);
          }
          PodGoalRecord.Builder goal = goal(pod, PodState.POD_STATE_RUNNING, now);
          if (pod.waits()) {
            goal.setDesiredRun(Math.max(nextRun(pod), goal.getDesiredRun()));
          }
          return ifAllowed(pod, () -> run(records, guard, pod, goal, now));
        });
  }

  /** Whether pods run is for the job's owner to say. */
  private Decision<Boolean> ifAllowed(Pod pod, Supplier<Decision<Boolean>> change) {
    return Ownership.refusal(requester, "job " + pod.job().id(), pod.job().owner())
        .<Decision<Boolean>>map(Decision.Refuse::new)
        .orElseGet(change);
  }

  /** Has a pod not run. */
  Decision<Boolean> stop(Records records, Txn.Guard guard, PodName name, long now) {
    return onPod(
        records,
        name,
        false,
        pod -> {
          // A workflow that starts pods may not have come to this one yet.
          boolean mayStart = pod.job().workflowActive() && WantedPods.starts(pod.job().workflow());
          boolean asked =
              pod.holds()
                  && pod.own().getGoal() == PodState.POD_STATE_KILLED
                  && pod.own().getWorkflow() == pod.job().goal().getWorkflow();
          if (!pod.wanted() && (asked || !mayStart)) {
            return new Decision.Answer<>(false);
          }
          PodGoalRecord goal =
              goal(pod, PodState.POD_STATE_KILLED, now)
                  .setReason(TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_ON_REQUEST)
                  .build();
          return ifAllowed(pod, () -> write(guard, pod, goal, List.of(), List.of()));
        });
  }

  /**
   * Has a pod run in a new run.
   *
   * @param checkSla whether to refuse where too many instances of the job are unavailable
   */
  Decision<Boolean> restart(
      Records records, Txn.Guard guard, PodName name, boolean checkSla, long now) {
    return onLastingPod(
        records,
        name,
        pod ->
            pod.wanted()
                ? restart(records, guard, pod, checkSla, now)
                // It would be started.
                : ifAllowed(pod, () -> restart(records, guard, pod, checkSla, now)));
  }

  private Decision<Boolean> restart(
      Records records, Txn.Guard guard, Pod pod, boolean checkSla, long now) {
    PodGoalRecord.Builder goal = goal(pod, PodState.POD_STATE_RUNNING, now);
    long run = pod.record() == null ? 0 : nextRun(pod);
    if (pod.wanted() && run <= pod.own().getDesiredRun()) {
      // The new run has been asked for, or the first one is still to come.
      return new Decision.Answer<>(false);
    }
    goal.setDesiredRun(Math.max(run, pod.own().getDesiredRun()))
        .setReason(
            checkSla
                ? TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_FOR_SLA_AWARE_RESTART
                : TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_FOR_RESTART);
    if (!checkSla) {
      return run(records, guard, pod, goal, now);
    }
    int most = pod.job().spec().getSla().getMaximumUnavailableInstances();
    return most == 0
        ? run(records, guard, pod, goal, now)
        : restartWithin(records, most, guard, pod, goal, now);
  }

  private Decision<Boolean> restartWithin(
      Records records, int most, Txn.Guard guard, Pod pod, PodGoalRecord.Builder goal, long now) {
    Availability own = Availability.of(pod.job().entry(), pod.name().instance(), pod.instances());
    int unavailable = Availability.unavailable(pod.job().entry(), pod.instances());
    if (own != Availability.UNAVAILABLE && Integer.compareUnsigned(unavailable, most) >= 0) {
      return Decision.refuse(
          ABORTED,
          "pod restart would violate SLA: of job "
              + pod.job().id()
              + " "
              + unavailable
              + " instances are unavailable, and sla.maximum_unavailable_instances is "
              + Integer.toUnsignedString(most)
              + "; wait until they run, or restart without check_sla");
    }
    // Writes the job's goal, changed or not: of two such restarts that are decided on the same
    // records one is decided anew.
    return PartialStart.of(
        keys,
        records,
        pod.job(),
        now,
        (job, claim) -> write(guard, pod, goal.build(), claim.guards(), withGoal(pod, job, claim)));
  }

  /** Has the pod's loop run again. */
  Decision<Boolean> refresh(Records records, Txn.Guard guard, PodName name) {
    return onPod(
        records,
        name,
        true,
        pod ->
            write(
                guard,
                pod,
                pod.own().toBuilder().setRefresh(pod.own().getRefresh() + 1).build(),
                List.of(),
                List.of()));
  }

  /** Marks the events that a run has by now. */
  Decision<Boolean> deleteEvents(Records records, Txn.Guard guard, PodId run) {
    return onPod(
        records,
        run.name(),
        false,
        pod -> {
          long until = lastEvent(records, pod, run.run());
          if (until <= pod.own().getEventsDeletedOrDefault(run.run(), 0)) {
            return new Decision.Answer<>(false);
          }
          return write(
              guard,
              pod,
              DeletedEvents.marked(
                  pod.own(), run.run(), until, pod.record() == null ? 0 : pod.record().getRun()),
              List.of(),
              List.of());
        });
  }

  /** When the last event of a run was, as far as is known; 0 if it has none yet. */
  private static long lastEvent(Records records, Pod pod, long run) {
    if (pod.record() == null) {
      boolean over =
          run > 0 && run < records.lastRuns().next(pod.name().job(), pod.name().instance());
      return over ? DeletedEvents.ALL : 0;
    }
    if (run != pod.record().getRun()) {
      return run > 0 && run < pod.record().getRun() ? DeletedEvents.ALL : 0;
    }
    return pod.record().getEventsList().stream().mapToLong(event -> event.getAt()).max().orElse(0);
  }

  private static long nextRun(Pod pod) {
    return Math.max(pod.record().getRun() + 1, pod.record().getDesiredRun());
  }

  private static PodGoalRecord.Builder goal(Pod pod, PodState state, long now) {
    return pod.own().toBuilder()
        .setGoal(state)
        .clearReason()
        .setDesiredStateVersion(pod.job().goal().getDesiredStateVersion())
        .setWorkflow(pod.job().goal().getWorkflow())
        .setUpdatedAt(now);
  }

  private Decision<Boolean> run(
      Records records, Txn.Guard guard, Pod pod, PodGoalRecord.Builder goal, long now) {
    return PartialStart.of(
        keys,
        records,
        pod.job(),
        now,
        (job, claim) ->
            write(
                guard,
                pod,
                goal.build(),
                claim.guards(),
                job.equals(pod.job().goal()) ? List.of() : withGoal(pod, job, claim)));
  }

  private List<Txn.Write> withGoal(Pod pod, JobGoalRecord goal, PoolClaim claim) {
    List<Txn.Write> writes = new ArrayList<>(claim.writes());
    writes.add(keys.put(new RecordKey.JobGoal(pod.job().id()), goal));
    return writes;
  }

  private Decision<Boolean> write(
      Txn.Guard guard,
      Pod pod,
      PodGoalRecord goal,
      List<Txn.Guard> guards,
      List<Txn.Write> writes) {
    RecordKey.PodGoal key = new RecordKey.PodGoal(pod.name().job(), pod.name().instance());
    List<Txn.Guard> allGuards = new ArrayList<>(guards);
    allGuards.add(guard);
    allGuards.add(
        new Txn.Guard.ModRevision(
            keys.key(new RecordKey.JobGoal(pod.job().id())), pod.job().goalRevision()));
    List<Txn.Write> allWrites = new ArrayList<>();
    allWrites.add(keys.put(key, goal));
    allWrites.addAll(writes);
    ByteString value = goal.toByteString();
    return new Decision.Write<>(
        new Txn(allGuards, allWrites),
        keys.key(key),
        found -> found.isPresent() && found.get().value().equals(value),
        true);
  }

  private static <T> Decision<T> onPod(
      Records records, PodName name, boolean evenIfDeleted, Function<Pod, Decision<T>> change) {
    Function<JobSnapshot, Decision<T>> onJob =
        job -> {
          PodRecord record = job.entry().pods().get(name.instance());
          int instances = job.spec().getInstanceCount();
          if (record == null && name.instance() >= instances) {
            return Decision.refuse(
                NOT_FOUND, "pod " + name + " not found: its job has " + instances + " instances");
          }
          PodGoalRecord own =
              job.entry()
                  .podGoals()
                  .getOrDefault(name.instance(), PodGoalRecord.getDefaultInstance());
          return change.apply(new Pod(job, name, own, record));
        };
    return evenIfDeleted
        ? JobRequests.onAnyJob(records, name.job(), onJob)
        : JobRequests.onJob(records, name.job(), onJob);
  }

  /** Decides about a pod that is not being removed. */
  private static <T> Decision<T> onLastingPod(
      Records records, PodName name, Function<Pod, Decision<T>> change) {
    return onPod(
        records,
        name,
        false,
        pod ->
            name.instance() < pod.instances()
                ? change.apply(pod)
                : Decision.refuse(
                    INVALID_ARGUMENT,
                    "pod_name: instance exceeds the job's: given "
                        + name
                        + ", which is being removed since its job has "
                        + pod.instances()
                        + " instances now"));
  }
}
