package peloton.store.etcd;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

/** Looks the members' addresses up, off the channel's own threads. */
final class EndpointResolver extends NameResolver {
  private final List<Endpoint> endpoints;
  private final Executor offload;
  private volatile Listener2 listener;

  EndpointResolver(List<Endpoint> endpoints, Executor offload) {
    this.endpoints = List.copyOf(endpoints);
    this.offload = offload;
  }

  @Override
  public String getServiceAuthority() {
    return endpoints.get(0).authority();
  }

  @Override
  public void start(Listener2 to) {
    listener = to;
    refresh();
  }

  @Override
  public void refresh() {
    offload.execute(this::resolve);
  }

  @Override
  public void shutdown() {}

  private void resolve() {
    List<EquivalentAddressGroup> found = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      try {
        found.add(addresses(endpoint));
      } catch (UnknownHostException e) {
        unknown.add(endpoint.host());
      }
    }
    StatusOr<List<EquivalentAddressGroup>> result =
        found.isEmpty()
            ? StatusOr.fromStatus(
                Status.UNAVAILABLE.withDescription("etcd hosts are unknown: " + unknown))
            : StatusOr.fromValue(found);
    listener.onResult(ResolutionResult.newBuilder().setAddressesOrError(result).build());
  }

  private static EquivalentAddressGroup addresses(Endpoint endpoint) throws UnknownHostException {
    List<SocketAddress> addresses =
        Arrays.stream(InetAddress.getAllByName(endpoint.host()))
            .<SocketAddress>map(address -> new InetSocketAddress(address, endpoint.port()))
            .toList();
    // Each member's certificate bears its own name.
    return new EquivalentAddressGroup(
        addresses,
        Attributes.newBuilder()
            .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, endpoint.authority())
            .build());
  }
}
