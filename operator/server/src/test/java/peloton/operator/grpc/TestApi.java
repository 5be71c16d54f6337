package peloton.operator.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import peloton.desired.DesiredStore;
import peloton.desired.admin.LockdownWriter;
import peloton.desired.host.HostWriter;
import peloton.desired.job.JobWriter;
import peloton.desired.job.NonPreemptiblePods;
import peloton.desired.pod.PodWriter;
import peloton.desired.pool.PoolWriter;
import peloton.desired.volume.VolumeWriter;
import peloton.operator.TestCluster;
import peloton.operator.access.AccessFile;
import peloton.operator.access.AccessInterceptor;
import peloton.operator.access.MutationLog;
import peloton.operator.read.Planner;
import peloton.operator.sandbox.AgentDirectory.AgentAddress;
import peloton.operator.sandbox.SandboxBrowser;
import peloton.operator.watch.WatchSettings;

/** The API of a test cluster, served in this process without a network. */
final class TestApi implements AutoCloseable {
  final TestCluster cluster;
  final Map<String, AgentAddress> agents = new HashMap<>();
  Planner planner = question -> Optional.empty();
  final ApiServices services;
  private Server server;
  private ManagedChannel channel;

  TestApi(TestCluster cluster) {
    this(cluster, 100);
  }

  TestApi(TestCluster cluster, int calls) {
    this(cluster, calls, Optional.empty(), line -> {});
  }

  /** With a policy of who may call, and somewhere to tell of changes. */
  TestApi(TestCluster cluster, int calls, Optional<AccessFile> access, Consumer<String> mutations) {
    this.cluster = cluster;
    DesiredStore desired =
        new DesiredStore(
            cluster.store, cluster.view, cluster.timers, Runnable::run, Duration.ofSeconds(5));
    services =
        new ApiServices(
            new ApiServices.Backends(
                cluster.current,
                cluster.jobs,
                cluster.pods,
                cluster.index,
                new JobWriter(desired, cluster.keyspace, cluster.timers.clock()),
                new PodWriter(desired, cluster.keyspace, cluster.timers.clock()),
                new PoolWriter(
                    desired, cluster.keyspace, cluster.timers.clock(), NonPreemptiblePods::use),
                new LockdownWriter(desired, cluster.keyspace, cluster.timers.clock()),
                new HostWriter(desired, cluster.keyspace, cluster.timers.clock()),
                new VolumeWriter(desired, cluster.keyspace, cluster.timers.clock()),
                cluster.store,
                cluster.keyspace,
                new SandboxBrowser(
                    HttpClient.newHttpClient(),
                    id -> Optional.ofNullable(agents.get(id)),
                    new AgentAddress("master-0", 5050),
                    "/var/lib/mesos/"),
                question -> planner.plan(question),
                cluster.hub(new WatchSettings(10, 100, 2))),
            new StatusMapper(() -> "ref"),
            gate(cluster, calls, access, mutations));
  }

  private static ApiServices.Gate gate(
      TestCluster cluster, int calls, Optional<AccessFile> access, Consumer<String> sink) {
    MutationLog mutations = new MutationLog(cluster.timers.clock(), sink);
    return new ApiServices.Gate(
        calls,
        access.map(file -> new AccessInterceptor(file, cluster.current::latest, mutations)),
        mutations);
  }

  /** A client of it. */
  ManagedChannel channel() {
    if (channel == null) {
      String name = InProcessServerBuilder.generateName();
      try {
        server =
            services
                .addTo(
                    InProcessServerBuilder.forName(name).directExecutor(),
                    new HealthStatusManager().getHealthService(),
                    true)
                .build()
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    }
    return channel;
  }

  @Override
  public void close() {
    if (channel != null) {
      channel.shutdownNow();
      server.shutdownNow();
      try {
        server.awaitTermination(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
