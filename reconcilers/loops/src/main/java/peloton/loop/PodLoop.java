package peloton.loop;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.ids.PodId;
import peloton.api.ids.PodName;
import peloton.api.ids.TaskId;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.desired.admin.Lockdowns;
import peloton.desired.pod.Availability;
import peloton.desired.pod.DeletedEvents;
import peloton.placement.TaskInfos;
import peloton.pod.Eviction;
import peloton.pod.GroupTransitions;
import peloton.pod.PodAction;
import peloton.pod.PodDecider;
import peloton.pod.PodGoal;
import peloton.pod.PodPhase;
import peloton.pod.PodTransitions;
import peloton.pod.PodView;
import peloton.pod.Stages;
import peloton.pod.TaskReport;
import peloton.pod.WorkflowStep;
import peloton.records.JobGoalRecord;
import peloton.records.LastRunRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodHistoryRecord;
import peloton.records.PodRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;

/** Drives single pods: carries out what {@link PodDecider} says, and takes in what Mesos says. */
final class PodLoop {
  private static final Logger log = LoggerFactory.getLogger(PodLoop.class);

  private final Desk desk;
  private final Mesos mesos;
  private final LoopSettings settings;
  private final PoolLoop pools;
  private final Wakeups wakeups;
  private final Map<PodName, List<Mesos.Task>> killing = new HashMap<>();
  private final Map<String, Mesos.Task> orphans = new HashMap<>();

  PodLoop(Desk desk, Mesos mesos, LoopSettings settings, PoolLoop pools, Wakeups wakeups) {
    this.desk = desk;
    this.mesos = mesos;
    this.settings = settings;
    this.pools = pools;
    this.wakeups = wakeups;
  }

  /** Takes in a pod as the leader found it. */
  void adopt(JobRuntime job, PodName name, PodRecord pod) {
    pools.podMoved(job, name, null, pod);
    noteKills(name, pod);
  }

  /** Kills that were sent and whose effect was not seen yet; none while kills are locked down. */
  Collection<Mesos.Task> killing() {
    if (!mayKill()) {
      return List.of();
    }
    List<Mesos.Task> all = new ArrayList<>(orphans.values());
    killing.values().forEach(all::addAll);
    return all;
  }

  /** A task lives that belongs to no run, or to one that is over. */
  void foundOrphan(Mesos.Task task) {
    orphans.put(task.id(), task);
    mesos.kills().add(task);
  }

  /** Mesos says of a task that it does not live, or knows nothing of it. */
  void forgetOrphan(String taskId) {
    orphans.remove(taskId);
  }

  /** Whether operators let pods be killed. */
  boolean mayKill() {
    return !Lockdowns.contains(desk.records(), Component.Kill);
  }

  /** Brings one instance nearer to what it should be. */
  void reconcile(JobRuntime job, int instance) {
    JobEntry entry = job.entry();
    PodName name = new PodName(job.id(), instance);
    PodGoal goal = PodFacts.goal(job, instance);
    job.heldRestarts().clear(instance);
    eraseRuns(job, name, entry.pods().get(instance));
    PodRecord pod = applyGoalRecord(job, instance, entry.pods().get(instance), goal);
    observe(job, name, goal, pod);
    followWorkflow(job, name, pod);
    long version = PodFacts.version(entry, pod);
    PodAction action =
        PodDecider.decide(
            new PodView(
                goal,
                Optional.ofNullable(pod),
                version,
                PodFacts.replacement(entry, instance, pod),
                pod != null || PodFacts.admitted(job, instance),
                PodFacts.startedSince(entry, pod),
                desk.now(),
                settings.launchTimeout().toNanos(),
                settings.killTimeout().toNanos(),
                settings.unreachableTimeout().toNanos()));
    if (action instanceof PodAction.Submit) {
      submit(job, name, pod, pod == null ? version : pod.getVersion());
    } else if (action instanceof PodAction.LaunchStage) {
      pools.submitStage(name, pod.getAgentId());
    } else if (action instanceof PodAction.Withdraw) {
      pools.withdraw(name);
      if (goal != PodGoal.RUN && job.progress() != null) {
        // Never launched and not to be: the workflow has nothing to wait for.
        job.progress().completeUnrecorded(instance);
      }
    } else if (action instanceof PodAction.EndUnlaunched end) {
      pools.withdraw(name);
      write(
          job,
          name,
          pod,
          PodTransitions.endedUnlaunched(
              pod, end.message(), PodFacts.step(job, pod), goal, desk.now()));
    } else if (action instanceof PodAction.Kill kill) {
      if (waitsForRoom(job, pod, kill)) {
        job.heldRestarts().set(instance);
      } else {
        kill(job, name, pod, kill, goal);
      }
    } else if (action instanceof PodAction.ShutDown) {
      shutDown(job, name, pod);
    } else if (action instanceof PodAction.GiveUp giveUp) {
      lose(job, name, pod, giveUp.message(), pod.getReason());
    } else if (action instanceof PodAction.BeginRun begin) {
      beginRun(job, name, pod, begin);
    } else if (action instanceof PodAction.Wait wait) {
      if (PodPhase.of(pod) == PodPhase.ENDED || pod.getUnreachableSince() != 0) {
        wakeups.at(name, wait.until());
      }
    } else if (action instanceof PodAction.Remove) {
      pools.withdraw(name);
      remove(job, name, pod);
    }
  }

  /**
   * Takes note of whether the pod is available. Where that matters, one that has just begun to run
   * is not: a command that cannot work is RUNNING for a moment, too.
   */
  private void observe(JobRuntime job, PodName name, PodGoal goal, PodRecord pod) {
    PodFacts.observe(job, name.instance(), goal, pod);
    if (pod == null || !job.boundsUnavailable()) {
      return;
    }
    long settlesAt = WorkflowStep.settlesAt(pod, settings.settleTime().toNanos());
    if (desk.now() < settlesAt) {
      if (goal == PodGoal.RUN) {
        job.availabilities().onTrial(name.instance());
      }
      wakeups.at(name, settlesAt);
    }
  }

  /** Lets the workflow see how far the pod is. */
  private void followWorkflow(JobRuntime job, PodName name, PodRecord pod) {
    if (job.progress() != null) {
      long again = job.progress().follow(name.instance(), pod, desk.now());
      if (again != 0) {
        wakeups.at(name, again);
      }
    }
  }

  /**
   * What clients asked becomes part of the record: another run, events that go, and that the pod
   * rests although a workflow has it in hand.
   */
  private PodRecord applyGoalRecord(JobRuntime job, int instance, PodRecord pod, PodGoal goal) {
    PodGoalRecord asked = job.entry().podGoals().get(instance);
    if (pod == null) {
      return null;
    }
    PodRecord changed = pod;
    if (asked != null) {
      changed =
          PodTransitions.withoutEvents(
              pod, asked.getEventsDeletedOrDefault(pod.getRun(), 0), desk.now());
    }
    if (asked != null && asked.getDesiredRun() > changed.getDesiredRun()) {
      changed = PodTransitions.withDesiredRun(changed, asked.getDesiredRun(), goal, desk.now());
    }
    changed = PodTransitions.rested(changed, PodFacts.step(job, changed), goal, desk.now());
    if (changed != pod) {
      write(job, new PodName(job.id(), instance), pod, changed);
    }
    return changed;
  }

  /** Deletes past runs whose events a client deleted. */
  private void eraseRuns(JobRuntime job, PodName name, PodRecord pod) {
    PodGoalRecord asked = job.entry().podGoals().get(name.instance());
    if (asked == null) {
      return;
    }
    for (long run : DeletedEvents.wholeRuns(asked)) {
      if ((pod == null || run < pod.getRun()) && job.eraseOnce(name.instance(), run)) {
        desk.change().delete(new RecordKey.PodHistory(name.job(), name.instance(), run)).commit();
      }
    }
  }

  private void submit(JobRuntime job, PodName name, PodRecord pod, long version) {
    PodSpec spec = PodFacts.spec(job, name.instance(), version);
    if (spec == null) {
      log.error("pod {} cannot be placed: version {} of its spec is not kept", name, version);
      return;
    }
    pools.submit(job, name, pod, spec, pod == null ? "" : pod.getDesiredHost());
  }

  /** A restart that must not make too many of the job unavailable, of a pod that serves. */
  private static boolean waitsForRoom(JobRuntime job, PodRecord pod, PodAction.Kill kill) {
    return kill.reason()
            == TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_FOR_SLA_AWARE_RESTART
        && job.boundsUnavailable()
        && Availability.serves(pod);
  }

  /**
   * Begins the restarts that waited for room, as far as there is some; to be called when every
   * marked instance has been looked at.
   */
  void beginHeldRestarts(JobRuntime job) {
    BitSet held = job.heldRestarts();
    for (int instance = held.nextSetBit(0);
        instance >= 0 && mayKill() && job.hasRoomForRestart();
        instance = held.nextSetBit(instance + 1)) {
      held.clear(instance);
      PodRecord pod = job.entry().pods().get(instance);
      PodAction.Kill kill = PodFacts.replacement(job.entry(), instance, pod);
      kill(job, new PodName(job.id(), instance), pod, kill, PodGoal.RUN);
    }
  }

  private void kill(
      JobRuntime job, PodName name, PodRecord pod, PodAction.Kill kill, PodGoal goal) {
    if (!mayKill()) {
      // Every instance is looked at again when that ends.
      return;
    }
    end(
        job,
        name,
        pod,
        PodTransitions.killing(pod, kill.reason(), kill.message(), goal, desk.now()));
  }

  private void end(JobRuntime job, PodName name, PodRecord pod, PodRecord ending) {
    List<Mesos.Task> tasks = tasks(name, pod);
    replace(job, name, pod, ending).commit(() -> tasks.forEach(mesos.kills()::add));
  }

  /** Ends a run that must make way; the next one is elsewhere, or later. */
  void evict(JobRuntime job, PodName name, Eviction why) {
    PodRecord pod = job.entry().pods().get(name.instance());
    if (mayKill() && PodPhase.of(pod) == PodPhase.LIVE) {
      PodGoal goal = PodFacts.goal(job, name.instance());
      end(job, name, pod, PodTransitions.evicting(pod, why, goal, desk.now()));
    }
  }

  /**
   * What is to be killed of a pod: all its tasks, if it is to end, or that which kept its executor
   * until its containers ran.
   */
  private void noteKills(PodName name, PodRecord pod) {
    if (PodPhase.of(pod) == PodPhase.KILLING) {
      killing.put(name, tasks(name, pod));
    } else if (Stages.holderMayGo(pod)) {
      PodId id = new PodId(name.job(), name.instance(), pod.getRun());
      killing.put(name, List.of(new Mesos.Task(TaskId.holder(id).toString(), pod.getAgentId())));
    } else {
      killing.remove(name);
    }
  }

  /** For hours a kill has not ended the task: its agent is told to end all that runs it. */
  private void shutDown(JobRuntime job, PodName name, PodRecord pod) {
    if (mayKill() && !pod.getAgentId().isEmpty()) {
      PodId id = new PodId(name.job(), name.instance(), pod.getRun());
      PodSpec spec = PodFacts.spec(job, name.instance(), pod.getVersion());
      String executor = spec == null ? id.toString() : TaskInfos.executorId(id, spec);
      log.warn(
          "task {} on agent {} has not ended since it was killed: its executor is shut down",
          id,
          pod.getAgentId());
      mesos.shutDown(executor, pod.getAgentId());
    }
  }

  private void beginRun(JobRuntime job, PodName name, PodRecord pod, PodAction.BeginRun begin) {
    long version =
        pod.getVersion() == begin.version()
            ? PodFacts.nextVersion(job.entry(), name.instance(), pod)
            : begin.version();
    PodSpec spec = PodFacts.spec(job, name.instance(), version);
    PodRecord next =
        PodTransitions.nextRun(pod, version, PodFacts.checks(spec), begin.message(), desk.now());
    Desk.Change change = replace(job, name, pod, next);
    if (next.getRun() != pod.getRun()) {
      change.put(
          new RecordKey.PodHistory(name.job(), name.instance(), pod.getRun()),
          PodHistoryRecord.newBuilder().setPod(pod).build());
      if (pod.getRun() > DeletedEvents.RUNS_KEPT) {
        change.delete(
            new RecordKey.PodHistory(
                name.job(), name.instance(), pod.getRun() - DeletedEvents.RUNS_KEPT));
      }
    }
    change.commit();
    submit(job, name, next, version);
  }

  private void remove(JobRuntime job, PodName name, PodRecord pod) {
    if (PodFacts.deleted(job.entry())) {
      // The whole job goes, and this record with it.
      return;
    }
    Desk.Change change =
        desk.change()
            .delete(new RecordKey.Pod(name.job(), name.instance()))
            .put(
                new RecordKey.InstanceLastRun(name.job(), name.instance()),
                LastRunRecord.newBuilder().setRun(pod.getRun()).setAt(desk.now()).build())
            .put(
                new RecordKey.PodHistory(name.job(), name.instance(), pod.getRun()),
                PodHistoryRecord.newBuilder()
                    .setPod(PodTransitions.removed(pod, PodFacts.step(job, pod), desk.now()))
                    .build());
    job.availabilities().set(name.instance(), Availability.IGNORED, false);
    pools.podMoved(job, name, pod, null);
    if (job.progress() != null) {
      job.progress().completeUnrecorded(name.instance());
    }
    change.commit();
  }

  /** What a status means for the pod that it speaks of. */
  enum Meaning {
    /** It was taken in, or said nothing new. */
    KNOWN,
    /** No run of ours, or one that is over: a task that lives must be killed. */
    ORPHAN
  }

  /**
   * Takes in a status. It is acknowledged once what it says is in etcd. STAGING and STARTING are
   * only remembered: they say nothing that a restart would not learn again.
   */
  Meaning reported(JobRuntime job, TaskId task, TaskStatus status) {
    PodId id = task.pod();
    PodRecord pod = job == null ? null : job.entry().pods().get(id.instance());
    boolean known =
        pod != null
            && pod.getRun() == id.run()
            && PodPhase.of(pod).mayHaveTask()
            && Stages.isGroup(pod) == (task.part() != TaskId.Part.POD);
    if (!known) {
      mesos.acknowledge(status);
      return Meaning.ORPHAN;
    }
    TaskReport report = TaskReport.of(status);
    PodRecord changed = reported(job, task, pod, report);
    if (changed == pod) {
      mesos.acknowledge(status);
      return Meaning.KNOWN;
    }
    PodName name = id.name();
    if (report.kind() == TaskReport.Kind.STARTING && pod.getUnreachableSince() == 0) {
      desk.remember(new RecordKey.Pod(name.job(), name.instance()), changed);
      mesos.acknowledge(status);
      return Meaning.KNOWN;
    }
    Desk.Change change = replace(job, name, pod, changed);
    // What the containers say of each other may end some of them.
    List<Mesos.Task> rest =
        Stages.isGroup(changed) ? killing.getOrDefault(name, List.of()) : List.of();
    change.commit(
        () -> {
          mesos.acknowledge(status);
          rest.forEach(mesos.kills()::add);
        });
    return Meaning.KNOWN;
  }

  /** A launch that was written but never sent. */
  void notLaunched(JobRuntime job, PodName name, long run, String why) {
    PodRecord pod = job == null ? null : job.entry().pods().get(name.instance());
    if (pod == null || pod.getRun() != run || !PodPhase.of(pod).mayHaveTask()) {
      return;
    }
    lose(job, name, pod, why, "REASON_HOST_REJECT_OFFER");
  }

  /** A stage of a run that was written but never sent. */
  void stageNotLaunched(JobRuntime job, PodName name, long run, int stage) {
    PodRecord pod = job.entry().pods().get(name.instance());
    if (pod == null || pod.getRun() != run || !PodPhase.of(pod).mayHaveTask()) {
      return;
    }
    write(
        job,
        name,
        pod,
        waiting(
            job,
            pod,
            GroupTransitions.stageNotLaunched(
                pod,
                stage,
                PodFacts.step(job, pod),
                PodFacts.goal(job, name.instance()),
                settings.backoff(),
                desk.now())));
  }

  /** The run is over, and nobody saw its end. */
  private void lose(JobRuntime job, PodName name, PodRecord pod, String why, String reason) {
    TaskReport report = TaskReport.lost(why, reason);
    PodGoal goal = PodFacts.goal(job, name.instance());
    PodRecord lost =
        Stages.isGroup(pod)
            ? GroupTransitions.lost(
                pod, report, PodFacts.step(job, pod), goal, settings.backoff(), desk.now())
            : PodTransitions.reported(
                pod, report, PodFacts.step(job, pod), goal, settings.backoff(), desk.now());
    write(job, name, pod, waiting(job, pod, lost));
  }

  private PodRecord reported(JobRuntime job, TaskId task, PodRecord pod, TaskReport report) {
    WorkflowStep step = PodFacts.step(job, pod);
    PodGoal goal = PodFacts.goal(job, task.pod().instance());
    PodRecord changed =
        Stages.isGroup(pod)
            ? GroupTransitions.reported(
                pod, task, report, step, goal, settings.backoff(), desk.now())
            : PodTransitions.reported(pod, report, step, goal, settings.backoff(), desk.now());
    return waiting(job, pod, changed);
  }

  /** A run that has ended notes as of which start of the job it waits for the next. */
  private static PodRecord waiting(JobRuntime job, PodRecord before, PodRecord after) {
    JobGoalRecord goal = job.entry().goal();
    return after == before || goal == null
        ? after
        : PodTransitions.waitingSince(after, goal.getDesiredStateVersion());
  }

  private void write(JobRuntime job, PodName name, PodRecord before, PodRecord after) {
    replace(job, name, before, after).commit();
  }

  private Desk.Change replace(JobRuntime job, PodName name, PodRecord before, PodRecord after) {
    Desk.Change change = desk.change().put(new RecordKey.Pod(name.job(), name.instance()), after);
    pools.podMoved(job, name, before, after);
    noteKills(name, after);
    job.markDirty(name.instance());
    return change;
  }

  private static List<Mesos.Task> tasks(PodName name, PodRecord pod) {
    return Stages.living(new PodId(name.job(), name.instance(), pod.getRun()), pod).stream()
        .map(task -> new Mesos.Task(task.toString(), pod.getAgentId()))
        .toList();
  }
}
