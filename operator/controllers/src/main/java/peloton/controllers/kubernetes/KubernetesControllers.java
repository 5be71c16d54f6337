package peloton.controllers.kubernetes;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.controllers.reconcile.Followers;
import peloton.controllers.reconcile.HostController;
import peloton.controllers.reconcile.JobController;
import peloton.controllers.reconcile.Pacer;
import peloton.controllers.reconcile.PoolController;
import peloton.controllers.reconcile.ResourceKey;
import peloton.controllers.reconcile.Views;
import peloton.controllers.reconcile.Waiter;
import peloton.desired.host.HostWriter;
import peloton.desired.job.JobWriter;
import peloton.desired.pool.PoolWriter;
import peloton.store.Timers;
import peloton.store.view.View;

/**
 * The controllers of all kinds, from the moment that this process leads until it does no more.
 * Whether Kubernetes answers is no condition: what cannot be read is tried again until it can.
 */
public final class KubernetesControllers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KubernetesControllers.class);

  private static final int THREADS = 16;
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(15);
  private static final Duration SYNC_LIMIT = Duration.ofSeconds(10);
  private static final Duration RESYNC = Duration.ofMinutes(5);
  private static final Duration CHECK = Duration.ofSeconds(10);

  /** So many checks in a row that find a resource unseen mean that its queue is stuck. */
  private static final int STUCK_AFTER = 6;

  private final KubernetesClient client;
  private final Settings settings;
  private final Parts parts;
  private final EventRecorder events;
  private final Pacer pacer;
  private final Followers followers;
  private final List<PassReconciler<?>> reconcilers;
  private final View.Attachment attachment;

  // Guarded by this.
  private Optional<Operator> running = Optional.empty();
  private Timers.Cancellable check = Timers.Cancellable.none();
  private Set<ResourceKey> unseen = Set.of();
  private int checksUnseen;

  private volatile boolean closed;

  /**
   * What to watch.
   *
   * @param cluster what the cluster is called in the records of owners
   * @param namespaces where resources are looked for; empty for everywhere, and then also for those
   *     that are in no namespace
   */
  public record Settings(String cluster, Set<String> namespaces) {
    public Settings {
      namespaces = Set.copyOf(namespaces);
    }
  }

  /** What the controllers work with. */
  public record Parts(
      View view,
      Views views,
      JobWriter jobs,
      PoolWriter pools,
      HostWriter hosts,
      Timers timers,
      InstantSource clock) {}

  private KubernetesControllers(KubernetesClient client, Settings settings, Parts parts) {
    this.client = client;
    this.settings = settings;
    this.parts = parts;
    this.events = new EventRecorder(client, parts.clock());
    this.pacer = new Pacer(parts.timers(), this::call);
    this.followers = new Followers(pacer::call);
    FabricResources resources = new FabricResources(client, events, () -> !closed);
    Waiter waiter = Waiter.blocking(WRITE_LIMIT);
    this.reconcilers = new ArrayList<>();
    reconcilers.add(
        new JobReconciler(
            new JobController(
                settings.cluster(),
                parts.views(),
                parts.jobs(),
                waiter,
                resources,
                followers,
                parts.clock())));
    reconcilers.add(
        new PoolReconciler(
            new PoolController(
                settings.cluster(),
                parts.views(),
                parts.pools(),
                waiter,
                resources,
                followers,
                parts.clock())));
    if (settings.namespaces().isEmpty()) {
      reconcilers.add(
          new HostReconciler(
              new HostController(
                  settings.cluster(),
                  parts.views(),
                  parts.hosts(),
                  waiter,
                  resources,
                  followers,
                  parts.clock())));
    }
    this.attachment = parts.view().attach(followers);
  }

  /**
   * Starts the controllers and returns at once.
   *
   * @param client stays open when the controllers end
   */
  public static KubernetesControllers start(
      KubernetesClient client, Settings settings, Parts parts) {
    KubernetesControllers controllers = new KubernetesControllers(client, settings, parts);
    controllers.run();
    return controllers;
  }

  private void run() {
    Thread starter = new Thread(this::startOperator, "kubernetes-start");
    starter.setDaemon(true);
    starter.start();
  }

  private void startOperator() {
    Operator operator = new Operator(this::configure);
    for (PassReconciler<?> reconciler : reconcilers) {
      register(operator, reconciler);
    }
    try {
      operator.start();
    } catch (RuntimeException e) {
      log.warn("the controllers did not start, trying again: {}", e.getMessage());
      log.debug("why they did not start", e);
      again();
      return;
    }
    synchronized (this) {
      if (!closed) {
        running = Optional.of(operator);
        check = parts.timers().schedule(CHECK, this::check);
        log.info("controllers watch {}", where());
        return;
      }
    }
    operator.stop();
  }

  private String where() {
    return settings.namespaces().isEmpty()
        ? "all namespaces"
        : "the namespaces " + settings.namespaces();
  }

  private synchronized void again() {
    if (!closed) {
      check = parts.timers().schedule(CHECK, this::run);
    }
  }

  private void configure(ConfigurationServiceOverrider configuration) {
    configuration
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        .checkingCRDAndValidateLocalModel(false)
        .withConcurrentReconciliationThreads(THREADS)
        .withUseSSAToPatchPrimaryResource(false)
        .withStopOnInformerErrorDuringStartup(false)
        .withCacheSyncTimeout(SYNC_LIMIT)
        .withReconciliationTerminationTimeout(Duration.ofSeconds(2))
        // The preset one ends the process.
        .withInformerStoppedHandler(
            (informer, failure) -> {
              if (failure != null && !closed) {
                log.warn("watching {} ended", informer.getApiTypeClass().getSimpleName(), failure);
                restart();
              }
            });
  }

  private <P extends CustomResource<?, ?>> void register(
      Operator operator, PassReconciler<P> reconciler) {
    operator.register(reconciler, configuration -> configure(configuration, reconciler));
  }

  private <P extends CustomResource<?, ?>> void configure(
      ControllerConfigurationOverrider<P> configuration, PassReconciler<P> reconciler) {
    configuration
        .withOnUpdateFilter(reconciler::isNews)
        .withReconciliationMaxInterval(RESYNC)
        .withRetry(
            new GenericRetry()
                .setInitialInterval(500)
                .setIntervalMultiplier(2)
                .setMaxInterval(30_000)
                .setMaxAttempts(-1));
    if (!settings.namespaces().isEmpty()) {
      configuration.settingNamespaces(settings.namespaces());
    }
  }

  /** A resource whose time has come. */
  private void call(ResourceKey key) {
    for (PassReconciler<?> reconciler : reconcilers) {
      if (reconciler.type().getSimpleName().equals(key.kind())) {
        reconciler.call(key);
      }
    }
  }

  /**
   * Finds resources that nobody has looked at: the SDK's queue can lose one, whose finalizer would
   * then stay for ever. Asks for them once more, and starts everything anew if that does not help.
   */
  private void check() {
    Set<ResourceKey> now = new HashSet<>();
    reconcilers.forEach(reconciler -> now.addAll(reconciler.unseen()));
    boolean stuck;
    synchronized (this) {
      if (closed) {
        return;
      }
      Set<ResourceKey> lasting = new HashSet<>(now);
      lasting.retainAll(unseen);
      checksUnseen = lasting.isEmpty() ? 0 : checksUnseen + 1;
      stuck = checksUnseen >= STUCK_AFTER;
      unseen = now;
      check = parts.timers().schedule(CHECK, this::check);
    }
    if (stuck) {
      log.warn("no pass over {} for a minute: starting the controllers anew", now);
      restart();
    } else {
      now.forEach(this::call);
    }
  }

  private void restart() {
    Optional<Operator> ended;
    synchronized (this) {
      ended = running;
      running = Optional.empty();
      check.cancel();
      checksUnseen = 0;
      unseen = Set.of();
    }
    if (ended.isEmpty()) {
      return;
    }
    Thread stopper =
        new Thread(
            () -> {
              ended.get().stop();
              again();
            },
            "kubernetes-stop");
    stopper.setDaemon(true);
    stopper.start();
  }

  /** Ends the controllers; nothing is written to Kubernetes after this. */
  @Override
  public void close() {
    Optional<Operator> ended;
    synchronized (this) {
      closed = true;
      ended = running;
      running = Optional.empty();
      check.cancel();
    }
    attachment.close();
    events.close();
    ended.ifPresent(Operator::stop);
  }
}
