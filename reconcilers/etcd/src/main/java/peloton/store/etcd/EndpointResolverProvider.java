package peloton.store.etcd;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Lets a gRPC channel know several members: {@code peloton-etcd:///host:port,host:port}. */
public final class EndpointResolverProvider extends NameResolverProvider {
  private static final String SCHEME = "peloton-etcd";

  /** The channel's target for these endpoints. */
  static String target(List<String> endpoints) {
    return SCHEME
        + ":///"
        + endpoints.stream()
            .map(given -> Endpoint.parse(given).authority())
            .map(authority -> authority.replace("[", "%5B").replace("]", "%5D"))
            .collect(Collectors.joining(","));
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    if (!SCHEME.equals(target.getScheme())) {
      return null;
    }
    List<Endpoint> endpoints =
        Arrays.stream(target.getPath().substring(1).split(",")).map(Endpoint::parse).toList();
    return new EndpointResolver(endpoints, args.getOffloadExecutor());
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 5;
  }
}
