package peloton.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.ids.PodId;
import peloton.api.ids.TaskId;
import peloton.pod.PodPhase;
import peloton.pod.Stages;
import peloton.records.FrameworkRecord;
import peloton.records.PodRecord;
import peloton.store.Timers;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;

/**
 * The state of the subscription: the framework id, which is in etcd before any offer is used, and
 * reconciliation, which asks after every task that Mesos should know until Mesos has spoken of it,
 * and now and then for all tasks, so that those nobody knows are found.
 */
final class SessionLoop {
  private static final Logger log = LoggerFactory.getLogger(SessionLoop.class);
  private static final int TASKS_PER_CALL = 1_000;
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

  private final Desk desk;
  private final Mesos mesos;
  private final Timers timers;
  private final Consumer<Runnable> later;
  private final LoopSettings settings;
  private final PlacementLoop placement;
  private final PodLoop pods;
  private final VolumeLoop volumes;

  private final Map<String, Mesos.Task> unconfirmed = new LinkedHashMap<>();
  private boolean subscribed;
  private Timers.Cancellable retry = Timers.Cancellable.none();
  private Timers.Cancellable implicit = Timers.Cancellable.none();
  private Timers.Cancellable kills = Timers.Cancellable.none();

  SessionLoop(
      Desk desk,
      Mesos mesos,
      Timers timers,
      Consumer<Runnable> later,
      LoopSettings settings,
      PlacementLoop placement,
      PodLoop pods,
      VolumeLoop volumes) {
    this.desk = desk;
    this.mesos = mesos;
    this.timers = timers;
    this.later = later;
    this.settings = settings;
    this.placement = placement;
    this.pods = pods;
    this.volumes = volumes;
  }

  /** Mesos took the framework in. */
  void subscribed(String frameworkId) {
    stopTimers();
    subscribed = true;
    Optional<FrameworkRecord> stored = desk.records().framework();
    if (stored.isPresent() && stored.get().getFrameworkId().equals(frameworkId)) {
      open();
      return;
    }
    log.info("registered with Mesos as framework {}", frameworkId);
    desk.change()
        .put(
            new RecordKey.Framework(),
            FrameworkRecord.newBuilder()
                .setFrameworkId(frameworkId)
                .setRegisteredAt(desk.now())
                .build())
        .commit(this::open);
  }

  private void open() {
    if (!subscribed) {
      return;
    }
    placement.opened();
    placement.place();
    unconfirmed.clear();
    // What was sent without a subscription reached nobody.
    mesos.kills().clear();
    for (JobEntry job : desk.records().jobs()) {
      collectTasks(job);
    }
    askUnconfirmed(settings.reconcileRetry());
    askForAll();
    repeatKills();
    volumes.opened();
  }

  private void collectTasks(JobEntry job) {
    for (int instance = 0; instance < job.pods().bound(); instance++) {
      PodRecord pod = job.pods().get(instance);
      if (pod == null || !PodPhase.of(pod).mayHaveTask()) {
        continue;
      }
      for (TaskId task : Stages.living(new PodId(job.id(), instance, pod.getRun()), pod)) {
        String id = task.toString();
        // Mesos cannot know a task that it was not told of; its answer would be taken for a loss.
        if (!placement.isUnsent(id)) {
          unconfirmed.put(id, new Mesos.Task(id, pod.getAgentId()));
        }
        if (PodPhase.of(pod) == PodPhase.KILLING && pods.mayKill()) {
          mesos.kills().add(new Mesos.Task(id, pod.getAgentId()));
        }
      }
    }
  }

  /** Asks again until Mesos has spoken of each: the master keeps silent while agents come back. */
  private void askUnconfirmed(Duration wait) {
    if (unconfirmed.isEmpty()) {
      return;
    }
    List<Mesos.Task> batch = new ArrayList<>(TASKS_PER_CALL);
    for (Iterator<Mesos.Task> each = unconfirmed.values().iterator(); each.hasNext(); ) {
      batch.add(each.next());
      if (batch.size() == TASKS_PER_CALL || !each.hasNext()) {
        mesos.reconcile(batch);
        batch = new ArrayList<>(TASKS_PER_CALL);
      }
    }
    Duration doubled = wait.multipliedBy(2);
    Duration next = doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
    retry = timers.schedule(wait, () -> later.accept(() -> askUnconfirmed(next)));
  }

  private void askForAll() {
    mesos.reconcile(List.of());
    implicit = timers.schedule(settings.implicitReconcile(), () -> later.accept(this::askForAll));
  }

  private void repeatKills() {
    kills =
        timers.schedule(
            settings.killRetry(),
            () ->
                later.accept(
                    () -> {
                      mesos.kills().repeat(pods.killing());
                      repeatKills();
                    }));
  }

  /** Mesos spoke of a task. */
  void confirmed(String taskId) {
    unconfirmed.remove(taskId);
  }

  /** The subscription ended. */
  void disconnected() {
    subscribed = false;
    stopTimers();
    mesos.kills().clear();
    placement.closed();
  }

  /** The master says that the framework is no more: its tasks are gone for good. */
  void removed() {
    desk.records()
        .framework()
        .ifPresent(
            framework -> {
              log.error(
                  "Mesos has removed framework {}: nothing is launched until a person decides. "
                      + "Either the failover timeout ran out or someone tore it down; its tasks "
                      + "are dead. Delete the key \"actual/framework\" below the cluster's prefix "
                      + "and restart the operators to register anew.",
                  framework.getFrameworkId());
              desk.change()
                  .put(
                      new RecordKey.Framework(),
                      framework.toBuilder().setRemovedAt(desk.now()).build())
                  .commit();
            });
  }

  private void stopTimers() {
    retry.cancel();
    implicit.cancel();
    kills.cancel();
  }
}
