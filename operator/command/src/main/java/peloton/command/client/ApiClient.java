package peloton.command.client;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import peloton.api.operator.v1.PlacementServiceGrpc;
import peloton.api.v1alpha.admin.svc.AdminServiceGrpc;
import peloton.api.v1alpha.host.svc.HostServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.pod.svc.PodServiceGrpc;
import peloton.api.v1alpha.respool.ResourcePoolServiceGrpc;
import peloton.api.v1alpha.volume.svc.VolumeServiceGrpc;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;
import peloton.operator.v1.PoolStateServiceGrpc;

/**
 * A connection to one server. Each stub that is asked for carries a fresh deadline, so a stub is
 * for one call; watches carry none.
 */
public final class ApiClient implements AutoCloseable {
  private static final int MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

  private final ManagedChannel channel;
  private final String server;
  private final Duration timeout;

  private ApiClient(ManagedChannel channel, String server, Duration timeout) {
    this.channel = channel;
    this.server = server;
    this.timeout = timeout;
  }

  /** Prepares a connection in plaintext; it is made by the first call. */
  public static ApiClient connect(String server, Duration timeout) {
    return connect(server, InsecureChannelCredentials.create(), new Metadata(), timeout);
  }

  /**
   * Prepares a connection; it is made by the first call.
   *
   * @param server host:port
   * @param login headers of each call that say who calls; empty for nobody
   * @param timeout the limit of each call
   */
  public static ApiClient connect(
      String server, ChannelCredentials tls, Metadata login, Duration timeout) {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget("dns:///" + server, tls)
            .maxInboundMessageSize(MAX_RESPONSE_BYTES)
            .intercept(MetadataUtils.newAttachHeadersInterceptor(login))
            // A watch without traffic must notice that its server is gone.
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .build();
    return new ApiClient(channel, server, timeout);
  }

  /** The address that this client was made for. */
  public String server() {
    return server;
  }

  /** Jobs. */
  public JobServiceGrpc.JobServiceBlockingStub jobs() {
    return limited(JobServiceGrpc.newBlockingStub(channel));
  }

  /** Pods. */
  public PodServiceGrpc.PodServiceBlockingStub pods() {
    return limited(PodServiceGrpc.newBlockingStub(channel));
  }

  /** Resource pools. */
  public ResourcePoolServiceGrpc.ResourcePoolServiceBlockingStub respools() {
    return limited(ResourcePoolServiceGrpc.newBlockingStub(channel));
  }

  /** Hosts. */
  public HostServiceGrpc.HostServiceBlockingStub hosts() {
    return limited(HostServiceGrpc.newBlockingStub(channel));
  }

  /** How resource pools stand. */
  public PoolStateServiceGrpc.PoolStateServiceBlockingStub poolStates() {
    return limited(PoolStateServiceGrpc.newBlockingStub(channel));
  }

  /** Why pods wait, and where they would go. */
  public PlacementServiceGrpc.PlacementServiceBlockingStub placement() {
    return limited(PlacementServiceGrpc.newBlockingStub(channel));
  }

  /** Persistent volumes. */
  public VolumeServiceGrpc.VolumeServiceBlockingStub volumes() {
    return limited(VolumeServiceGrpc.newBlockingStub(channel));
  }

  /** Emergency stops. */
  public AdminServiceGrpc.AdminServiceBlockingStub admin() {
    return limited(AdminServiceGrpc.newBlockingStub(channel));
  }

  /** The end of watches. */
  public WatchServiceGrpc.WatchServiceBlockingStub watchControl() {
    return limited(WatchServiceGrpc.newBlockingStub(channel));
  }

  /** Watches, without a deadline. */
  public WatchServiceGrpc.WatchServiceBlockingStub watches() {
    return WatchServiceGrpc.newBlockingStub(channel);
  }

  /** Tries to connect at once, whatever back-off an earlier failure has left. */
  public void retryNow() {
    channel.resetConnectBackoff();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private <S extends AbstractStub<S>> S limited(S stub) {
    return stub.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
