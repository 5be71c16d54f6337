package peloton.operator.process;

import java.io.IOException;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.controllers.kubernetes.KubernetesControllers;
import peloton.desired.DesiredStore;
import peloton.desired.admin.LockdownWriter;
import peloton.desired.host.HostWriter;
import peloton.desired.job.JobWriter;
import peloton.desired.job.NonPreemptiblePods;
import peloton.desired.job.SecretRotation;
import peloton.desired.pod.PodWriter;
import peloton.desired.pool.PoolWriter;
import peloton.desired.secret.SealedSecrets;
import peloton.desired.secret.SecretBox;
import peloton.desired.volume.VolumeWriter;
import peloton.loop.LoopMeter;
import peloton.loop.LoopMeter.Count;
import peloton.loop.LoopMeter.Level;
import peloton.operator.access.AccessFile;
import peloton.operator.access.AccessInterceptor;
import peloton.operator.access.MutationLog;
import peloton.operator.config.OperatorConfig;
import peloton.operator.grpc.ApiServices;
import peloton.operator.grpc.GrpcServer;
import peloton.operator.grpc.ServerTls;
import peloton.operator.grpc.StatusMapper;
import peloton.operator.health.ViewHealth;
import peloton.operator.http.Check;
import peloton.operator.http.Stall;
import peloton.operator.http.StatusServer;
import peloton.operator.metrics.OperatorMetrics;
import peloton.operator.metrics.OperatorSeries;
import peloton.operator.query.JobIndex;
import peloton.operator.read.CurrentView;
import peloton.operator.read.JobReader;
import peloton.operator.read.PodReader;
import peloton.operator.read.SpecReader;
import peloton.operator.read.WorkflowReader;
import peloton.operator.sandbox.SandboxBrowser;
import peloton.operator.watch.WatchHub;
import peloton.operator.watch.WatchSettings;
import peloton.records.LeaderRecord;
import peloton.store.KeyValueStore;
import peloton.store.ScheduledTimers;
import peloton.store.Timers;
import peloton.store.election.ElectionSettings;
import peloton.store.election.LeaderElection;
import peloton.store.election.LeadershipListener;
import peloton.store.election.Term;
import peloton.store.etcd.EtcdStore;
import peloton.store.schema.SchemaKeeper;
import peloton.store.schema.StoreSchema;
import peloton.store.view.Keyspace;
import peloton.store.view.StoreView;
import peloton.store.view.StoreViewSettings;
import peloton.store.view.View;

/**
 * One replica of the operator. It serves the API from the moment it is started, though calls fail
 * as UNAVAILABLE until etcd has been read; it leads when it is elected. Stopping it leaves every
 * pod running.
 */
public final class OperatorProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OperatorProcess.class);
  private static final Duration RESIGN_PATIENCE = Duration.ofSeconds(1);
  private static final Duration THREAD_PATIENCE = Duration.ofSeconds(3);

  /** A turn of the loops takes milliseconds; one of a minute will not end by itself. */
  private static final Duration LOOPS_PATIENCE = Duration.ofMinutes(1);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  private static final Duration TLS_FILES_INTERVAL = Duration.ofMinutes(1);

  private final OperatorConfig config;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  private GrpcServer server;
  private Optional<Integer> statusPort = Optional.empty();

  private OperatorProcess(OperatorConfig config) {
    this.config = config;
  }

  /**
   * Starts a replica; returns when its ports are bound, whether or not etcd and Mesos are there.
   *
   * @throws IOException if a port cannot be bound
   */
  public static OperatorProcess start(OperatorConfig config) throws IOException {
    Logs.unite();
    Logs.level(config.logging().level());
    if (config.logging().json()) {
      Logs.json();
    }
    OperatorProcess process = new OperatorProcess(config);
    try {
      process.open(EtcdStore.connect(Translation.etcd(config.etcd())));
      return process;
    } catch (IOException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /** The ports of the API, in the order of the configuration. */
  public List<Integer> ports() {
    return server.ports();
  }

  /** The port of health and metrics; empty if they are not served. */
  public Optional<Integer> statusPort() {
    return statusPort;
  }

  /** Waits until the process is closed. */
  public void awaitTermination() throws InterruptedException {
    ended.await();
  }

  /** Closes this process when the JVM is told to stop. */
  public void closeOnShutdown() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "shutdown"));
  }

  private void open(KeyValueStore store) throws IOException {
    closeLater(store);
    ScheduledTimers timers = closeLater(new ScheduledTimers("timers"));
    InstantSource clock = InstantSource.system();
    Keyspace keyspace = new Keyspace(config.etcd().prefix());
    StoreView view =
        closeLater(
            new StoreView(store, keyspace, thread("view"), timers, StoreViewSettings.defaults()));
    CurrentView current = new CurrentView(view, config.limits().staleness());
    SpecReader specs = new SpecReader();
    JobReader jobs = new JobReader(specs, new WorkflowReader());
    PodReader pods = new PodReader(specs, clock);
    JobIndex index = new JobIndex();
    view.attach(index);

    DesiredStore desired =
        new DesiredStore(
            store,
            view,
            timers,
            closeLater(Threads.pool("desired", 2), ExecutorService::shutdown),
            config.etcd().requestTimeout());
    Optional<SecretBox> secrets = config.secrets().map(SecretBox::new);
    JobWriter jobWriter = new JobWriter(desired, keyspace, clock, secrets);

    PoolWriter poolWriter = new PoolWriter(desired, keyspace, clock, NonPreemptiblePods::use);

    HostWriter hostWriter = new HostWriter(desired, keyspace, clock);

    ElectionHolder election = new ElectionHolder();
    LoopMeter meter = new LoopMeter();
    MesosLeadership leadership =
        new MesosLeadership(
            new MesosLeadership.Parts(
                store,
                keyspace,
                view,
                timers,
                clock,
                new SecureRandom(),
                Translation.driver(config.mesos()),
                Translation.loops(config),
                jobWriter::rollBack,
                new SealedSecrets(secrets),
                meter,
                election::abandon));

    WatchHub watches = watches(store, keyspace, view, current, jobs, pods);
    OperatorMetrics metrics = closeLater(new OperatorMetrics());
    metrics.add(
        new OperatorSeries(
            new OperatorSeries.Sources(
                view,
                view::stats,
                meter,
                () -> election.term().isPresent(),
                leadership::written,
                watches::size,
                version())));
    MutationLog mutations = new MutationLog(clock, Logs.mutations(config.logging().mutations()));
    ApiServices services =
        new ApiServices(
            new ApiServices.Backends(
                current,
                jobs,
                pods,
                index,
                jobWriter,
                new PodWriter(desired, keyspace, clock),
                poolWriter,
                new LockdownWriter(desired, keyspace, clock),
                hostWriter,
                new VolumeWriter(desired, keyspace, clock),
                store,
                keyspace,
                new SandboxBrowser(
                    HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build(),
                    leadership,
                    Translation.master(config.mesos()),
                    config.mesos().agentWorkDir()),
                leadership,
                watches),
            new StatusMapper(OperatorProcess::reference),
            new ApiServices.Gate(
                config.limits().calls(), access(timers, current, mutations), mutations));
    ViewHealth health = new ViewHealth(ApiServices.NAMES, current::live, timers);
    server =
        GrpcServer.start(
            new GrpcServer.Settings(
                config.listen().host(),
                config.listen().ports(),
                config.listen().reflection(),
                tls()),
            services,
            metrics.calls(),
            health.service());
    closeLater(server, s -> s.stop(config.limits().stop()));
    closeLater(watches);
    serveStatus(view, current, timers, meter, election, metrics);
    log.info("serving at {}, ports {}", config.listen().host(), server.ports());

    KubernetesLeadership kubernetes =
        closeLater(
            KubernetesLeadership.of(
                config.kubernetes(),
                new KubernetesControllers.Parts(
                    view,
                    new RecordViews(current, jobs, timers::nanoTime),
                    jobWriter,
                    poolWriter,
                    hostWriter,
                    timers,
                    clock)));
    elect(
        store,
        keyspace,
        view,
        timers,
        clock,
        new JointLeadership(List.of(leadership, kubernetes)),
        election);
    // Closed first: whoever balances load hears of the end before anything ends.
    closeLater(health);
    health.start();
    view.attach(
        new SchemaKeeper(store, keyspace, version(), clock, problem -> election.standAside()));
    log.info("reading etcd at {}", config.etcd().endpoints());
    view.start()
        .thenRun(
            () -> {
              log.info(
                  "read {} jobs at revision {}", view.records().jobs().size(), view.revision());
              election.start(view);
              if (secrets.isPresent()) {
                new SecretRotation(jobWriter)
                    .run(view.records())
                    .thenAccept(count -> log.info("sealed {} secrets with another key", count));
              }
            });
  }

  private Optional<AccessInterceptor> access(
      Timers timers, CurrentView current, MutationLog mutations) throws IOException {
    if (config.accessFile().isEmpty()) {
      log.warn("access.file is not set: everybody who reaches the API may do everything");
      return Optional.empty();
    }
    AccessFile file = closeLater(AccessFile.open(config.accessFile().get(), timers));
    return Optional.of(new AccessInterceptor(file, current::latest, mutations));
  }

  private void serveStatus(
      View view,
      CurrentView current,
      Timers timers,
      LoopMeter meter,
      ElectionHolder election,
      OperatorMetrics metrics)
      throws IOException {
    if (config.listen().httpPort().isEmpty()) {
      return;
    }
    Stall loops =
        new Stall(
            () -> meter.level(Level.QUEUED_TURNS),
            () -> meter.count(Count.TURNS),
            timers::nanoTime,
            LOOPS_PATIENCE);
    StatusServer http =
        StatusServer.start(
            config.listen().host(),
            config.listen().httpPort().get(),
            new StatusServer.Content(
                List.of(new Check("loops", loops::problem)),
                List.of(
                    new Check("etcd", current::problem),
                    new Check("schema", () -> StoreSchema.problem(current.latest().schema())),
                    new Check("stopping", () -> ifSo(closing.get(), "this replica is stopping"))),
                () -> List.of("leader: " + leader(view, election)),
                metrics::scrape));
    closeLater(http);
    statusPort = Optional.of(http.port());
    log.info("health and metrics at {}, port {}", config.listen().host(), http.port());
  }

  private static Optional<String> ifSo(boolean so, String problem) {
    return so ? Optional.of(problem) : Optional.empty();
  }

  private static String leader(View view, ElectionHolder election) {
    String address = view.records().leader().map(LeaderRecord::getAddress).orElse("none");
    return election.term().isPresent() ? address + " (this replica)" : address;
  }

  private static String version() {
    return Optional.ofNullable(OperatorProcess.class.getPackage().getImplementationVersion())
        .orElse("unknown");
  }

  private ServerTls tls() throws IOException {
    if (config.listen().tls().isEmpty()) {
      return ServerTls.none();
    }
    OperatorConfig.ServerTls files = config.listen().tls().get();
    return closeLater(
        ServerTls.of(
            files.identity().certificate(),
            files.identity().key(),
            files.clientAuthorities(),
            files.clientsMust(),
            TLS_FILES_INTERVAL));
  }

  private WatchHub watches(
      KeyValueStore store,
      Keyspace keyspace,
      StoreView view,
      CurrentView current,
      JobReader jobs,
      PodReader pods) {
    SecureRandom random = new SecureRandom();
    WatchHub hub =
        new WatchHub(
            thread("watches"),
            current,
            jobs,
            pods,
            store,
            keyspace,
            new WatchSettings(
                config.limits().watches(),
                config.limits().watchBuffer(),
                WatchSettings.DEFAULT.readers()),
            () -> random.nextLong(1, Long.MAX_VALUE));
    view.attach(hub);
    return hub;
  }

  private void elect(
      KeyValueStore store,
      Keyspace keyspace,
      StoreView view,
      ScheduledTimers timers,
      InstantSource clock,
      Leadership leadership,
      ElectionHolder holder) {
    ExecutorService terms = thread("leadership");
    holder.election =
        Optional.of(
            new LeaderElection(
                store,
                keyspace,
                Translation.advertised(config.listen(), server.ports().get(0)),
                new ElectionSettings(config.etcd().leaseTtl()),
                thread("election"),
                timers,
                clock,
                () -> UUID.randomUUID().toString(),
                new LeadershipListener() {
                  @Override
                  public void elected(Term term) {
                    terms.execute(() -> leadership.begin(term));
                  }

                  @Override
                  public void deposed(String why) {
                    terms.execute(() -> leadership.end(why));
                  }
                }));
    closeLater(holder, ElectionHolder::resign);
  }

  /** Stops everything, in the opposite order of its start; pods stay. Takes a few seconds. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    log.info("stopping; pods keep running");
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("a part did not stop properly", e);
      }
    }
    log.info("stopped");
    ended.countDown();
  }

  private ExecutorService thread(String name) {
    return closeLater(
        Threads.single(name),
        executor -> {
          executor.shutdown();
          executor.awaitTermination(THREAD_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        });
  }

  private <T extends AutoCloseable> T closeLater(T part) {
    parts.push(part);
    return part;
  }

  private <T> T closeLater(T part, Closer<T> closer) {
    parts.push(() -> closer.close(part));
    return part;
  }

  private interface Closer<T> {
    void close(T part) throws Exception;
  }

  private static String reference() {
    return HexFormat.of().toHexDigits(new SecureRandom().nextInt());
  }

  /** The election, which knows the leadership, for the leadership, which may give up a term. */
  private static final class ElectionHolder {
    private volatile Optional<LeaderElection> election = Optional.empty();

    /** Leads no more and stands no more. */
    void standAside() {
      election.ifPresent(LeaderElection::resign);
    }

    void start(StoreView view) {
      election.ifPresent(
          e -> {
            e.follow(view);
            e.start();
          });
    }

    Optional<Term> term() {
      return election.flatMap(LeaderElection::term);
    }

    void abandon(Term term, String why) {
      election.ifPresent(e -> e.abandon(term, why));
    }

    void resign() throws InterruptedException, ExecutionException {
      try {
        if (election.isPresent()) {
          election.get().resign().get(RESIGN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }
      } catch (TimeoutException e) {
        log.info("etcd does not answer; the leader key runs out by itself");
      }
    }
  }
}
