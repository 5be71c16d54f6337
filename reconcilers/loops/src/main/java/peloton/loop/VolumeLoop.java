package peloton.loop;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OperationState;
import org.apache.mesos.v1.Protos.OperationStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.api.ids.PodId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.pod.Pod.PersistentVolumeSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.placement.AgentOffers;
import peloton.placement.PersistentVolumes;
import peloton.placement.PersistentVolumes.OperationName;
import peloton.placement.PersistentVolumes.Step;
import peloton.placement.PersistentVolumes.Trace;
import peloton.pod.PodPhase;
import peloton.records.PodRecord;
import peloton.records.VolumeRecord;
import peloton.store.Timers;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordKey;
import peloton.store.view.VolumeTable;
import peloton.volume.VolumeDecider;
import peloton.volume.VolumeStep;

/**
 * Persistent volumes. A volume's record is in etcd before Mesos is asked to reserve anything for
 * it, and every reservation bears its volume's id: so whatever a crash leaves behind is known when
 * it is offered.
 *
 * <p>What becomes of an operation is taken from its feedback, which agents repeat until it is
 * acknowledged; that is done when it is in etcd.
 */
final class VolumeLoop {
  private static final Logger log = LoggerFactory.getLogger(VolumeLoop.class);
  private static final VolumeState INITIALIZED = VolumeState.VOLUME_STATE_INITIALIZED;
  private static final VolumeState CREATED = VolumeState.VOLUME_STATE_CREATED;
  private static final VolumeState DELETED = VolumeState.VOLUME_STATE_DELETED;

  /** How often offers are asked for while a volume is to be destroyed. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(30);

  /** As long as Mesos remembers a framework that is away, and agents that are. */
  private static final Duration DELETED_KEPT = Duration.ofDays(28);

  private final Desk desk;
  private final Mesos mesos;
  private final Timers timers;
  private final Consumer<Runnable> later;
  private final PersistentVolumes.Owner owner;
  private final Hands hands;
  private final Set<String> reported = new HashSet<>();
  private boolean asking;

  /** What this loop has others do. */
  interface Hands {
    /** Whether anything may be done just now. */
    boolean mayAct();

    /** What the volume of a pod is has changed. */
    void volumeChanged(PodName pod);

    /** Volumes are to go: what offers are held is to be looked through, and more are wanted. */
    void wantLeftovers();
  }

  VolumeLoop(
      Desk desk,
      Mesos mesos,
      Timers timers,
      Consumer<Runnable> later,
      FrameworkSettings framework,
      Hands hands) {
    this.desk = desk;
    this.mesos = mesos;
    this.timers = timers;
    this.later = later;
    this.owner = new PersistentVolumes.Owner(framework.role(), framework.principal());
    this.hands = hands;
  }

  private VolumeTable table() {
    return desk.records().volumes();
  }

  // ---- what people want --------------------------------------------------------------

  /** What is wanted of volumes may be other than before. */
  void review() {
    Desk.Change change = desk.change();
    boolean any = false;
    boolean waits = false;
    long forgotten = desk.now() - DELETED_KEPT.toNanos();
    for (Map.Entry<String, VolumeRecord> each : Map.copyOf(table().volumes()).entrySet()) {
      String id = each.getKey();
      VolumeRecord volume = each.getValue();
      boolean doomed = table().isDoomed(id);
      boolean inUse = inUse(volume);
      if (VolumeDecider.neverCameAbout(volume, doomed, inUse)) {
        change.put(new RecordKey.Volume(id), in(volume, DELETED));
        any = true;
      } else if (volume.getState() == DELETED && volume.getUpdatedAt() < forgotten) {
        change.delete(new RecordKey.VolumeGoal(id)).delete(new RecordKey.Volume(id));
        any = true;
      }
      waits |= VolumeDecider.waitsForOffer(volume, doomed, inUse);
    }
    if (any) {
      change.commit();
    }
    if (waits) {
      ask();
    }
  }

  /** What people want of a volume has changed. */
  void goalChanged(String id) {
    table()
        .volume(id)
        .ifPresent(
            volume -> {
              hands.volumeChanged(new PodName(volume.getJob(), volume.getInstance()));
              review();
            });
  }

  /** A task of a pod is over: a volume that is to go may have waited for that. */
  void ended(PodId pod) {
    boolean waited =
        table().ofJob(pod.job()).stream()
            .anyMatch(
                id ->
                    table().isDoomed(id)
                        && table().volumes().get(id).getRun() == pod.run()
                        && table().volumes().get(id).getState() != DELETED);
    if (waited) {
      review();
    }
  }

  private void ask() {
    if (!asking) {
      asking = true;
      hands.wantLeftovers();
      timers.schedule(
          ASK_AGAIN,
          () ->
              later.accept(
                  () -> {
                    asking = false;
                    review();
                  }));
    }
  }

  /** Whether a task may run on the volume. */
  private boolean inUse(VolumeRecord volume) {
    JobEntry job = desk.records().job(volume.getJob());
    PodRecord pod = job == null ? null : job.pods().get(volume.getInstance());
    return pod != null && pod.getRun() == volume.getRun() && PodPhase.of(pod).mayHaveTask();
  }

  // ---- offers ------------------------------------------------------------------------

  /**
   * The volume that a pod has to go to: nowhere else is its data. Empty if it has none, or if its
   * next run gets a new one.
   */
  Optional<String> bound(PodName pod, PodSpec spec) {
    return spec.hasVolume()
        ? table()
            .of(pod.job(), pod.instance())
            .filter(id -> table().volumes().get(id).getState() == CREATED)
        : Optional.empty();
  }

  /** Where a volume was last seen. */
  String host(String id) {
    return table().volume(id).map(VolumeRecord::getHost).orElse("");
  }

  /** The agents that offer volumes, by the volumes' ids. */
  static Map<String, String> agents(Iterable<AgentOffers> offers) {
    Map<String, String> agents = new HashMap<>();
    for (AgentOffers held : offers) {
      for (Trace trace : held.volumes()) {
        if (trace.created()) {
          agents.put(trace.id(), held.agentId());
        }
      }
    }
    return agents;
  }

  /**
   * Takes note of what an agent offers of volumes.
   *
   * @return what must be undone on these offers; mostly nothing
   */
  List<Offer.Operation> look(AgentOffers held) {
    List<Trace> traces = held.volumes();
    if (traces.isEmpty() || !hands.mayAct()) {
      return List.of();
    }
    List<Offer.Operation> undo = new ArrayList<>();
    for (Trace trace : traces) {
      Optional<VolumeRecord> known = table().volume(trace.id());
      boolean doomed = table().isDoomed(trace.id());
      VolumeStep step = VolumeDecider.onOffer(known, doomed, trace.created(), held.hostname());
      switch (step) {
        case KEEP -> {}
        case CONFIRM -> confirm(trace.id(), known.orElseThrow(), held.hostname());
        case UNDO -> {
          log.info(
              "volume {} on {} is {}",
              trace.id(),
              held.hostname(),
              trace.created() ? "destroyed" : "unreserved");
          undo.addAll(PersistentVolumes.undo(trace, held.ids().get(0).getValue()));
        }
        case REPORT -> report(trace.id(), held.hostname());
      }
    }
    return undo;
  }

  private void confirm(String id, VolumeRecord volume, String host) {
    desk.change()
        .put(new RecordKey.Volume(id), in(volume, CREATED).toBuilder().setHost(host).build())
        .commit();
    hands.volumeChanged(new PodName(volume.getJob(), volume.getInstance()));
  }

  private void report(String id, String host) {
    if (reported.add(id)) {
      log.warn(
          "host {} has volume {}, of which nothing is on record: it is left alone. If its data is "
              + "of no use to anybody, destroy it by the operator API of Mesos",
          host,
          id);
    }
  }

  /**
   * Gives a pod its volume on an agent: the one that it has there, or a new one.
   *
   * @param change takes the volume's record, so that it is in etcd with the intent to launch
   * @return empty if the agent lacks it, or the disk for it
   */
  Optional<AgentOffers.Purse.Volume> give(
      PodId pod,
      PersistentVolumeSpec spec,
      AgentOffers held,
      AgentOffers.Purse purse,
      Desk.Change change) {
    Optional<String> kept = table().of(pod.job(), pod.instance());
    if (kept.isPresent()) {
      VolumeRecord volume = table().volumes().get(kept.get());
      Optional<AgentOffers.Purse.Volume> there =
          purse.takeVolume(kept.get(), spec.getContainerPath());
      if (there.isPresent() || volume.getState() == CREATED) {
        there.ifPresent(
            found ->
                change.put(
                    new RecordKey.Volume(kept.get()),
                    volume.toBuilder()
                        .setRun(pod.run())
                        .setContainerPath(spec.getContainerPath())
                        .setUpdatedAt(desk.now())
                        .build()));
        return there;
      }
    }
    String id = idOf(pod);
    Optional<AgentOffers.Purse.Volume> made =
        purse.newVolume(
            id,
            Integer.toUnsignedLong(spec.getSizeMb()),
            spec.getContainerPath(),
            owner,
            Long.toString(pod.run()));
    if (made.isPresent()) {
      // What was begun for a run before came to nothing; what is left of it is undone when it
      // shows.
      kept.ifPresent(
          old -> change.put(new RecordKey.Volume(old), in(table().volumes().get(old), DELETED)));
      change.put(
          new RecordKey.Volume(id),
          VolumeRecord.newBuilder()
              .setJob(pod.job())
              .setInstance(pod.instance())
              .setRun(pod.run())
              .setHost(held.hostname())
              .setState(INITIALIZED)
              .setSizeMb(spec.getSizeMb())
              .setContainerPath(spec.getContainerPath())
              .setCreatedAt(desk.now())
              .setUpdatedAt(desk.now())
              .build());
    }
    return made;
  }

  /** Made from the id of the run, which is used once: so this is, too. */
  private static String idOf(PodId pod) {
    return UUID.nameUUIDFromBytes(pod.toString().getBytes(StandardCharsets.UTF_8)).toString();
  }

  // ---- what Mesos says ---------------------------------------------------------------

  /** A subscription stands: what is not acknowledged yet is to be heard again. */
  void opened() {
    mesos.reconcileOperations();
    asking = false;
    review();
  }

  /** A run of a pod is RUNNING: its volume must be there. */
  void running(PodId pod) {
    table()
        .of(pod.job(), pod.instance())
        .ifPresent(
            id -> {
              VolumeRecord volume = table().volumes().get(id);
              if (volume.getRun() == pod.run() && volume.getState() == INITIALIZED) {
                change(id, volume, CREATED, () -> {});
              }
            });
  }

  /** Feedback of an operation. */
  void operation(OperationStatus status) {
    String name = status.getOperationId().getValue();
    Optional<OperationName> operation = OperationName.parse(name);
    Runnable acknowledge = () -> mesos.acknowledgeOperation(status);
    if (operation.isEmpty()) {
      log.warn("Mesos speaks of operation {}, which is none of ours", name);
      acknowledge.run();
      return;
    }
    if (status.getState() != OperationState.OPERATION_FINISHED) {
      if (status.getState() != OperationState.OPERATION_PENDING) {
        log.warn("operation {} is {}: {}", name, status.getState(), status.getMessage());
      }
      acknowledge.run();
      return;
    }
    String id = operation.get().volume();
    Optional<VolumeRecord> known = table().volume(id);
    Step step = operation.get().step();
    if (step == Step.CREATE && known.filter(v -> v.getState() == INITIALIZED).isPresent()) {
      change(id, known.get(), CREATED, acknowledge);
    } else if (step == Step.UNRESERVE && known.filter(v -> v.getState() != DELETED).isPresent()) {
      change(id, known.get(), DELETED, acknowledge);
      hands.volumeChanged(new PodName(known.get().getJob(), known.get().getInstance()));
    } else {
      acknowledge.run();
    }
  }

  private void change(String id, VolumeRecord volume, VolumeState state, Runnable effect) {
    log.info("volume {} on {} is {}", id, volume.getHost(), state);
    desk.change().put(new RecordKey.Volume(id), in(volume, state)).commit(effect);
  }

  private VolumeRecord in(VolumeRecord volume, VolumeState state) {
    return volume.toBuilder().setState(state).setUpdatedAt(desk.now()).build();
  }
}
