package peloton.operator.access;

import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What some clients may do.
 *
 * @param accept methods that may be called
 * @param reject methods that may not, whatever {@code accept} says
 * @param pools paths of resource pools below which things may be changed; empty for everywhere.
 *     Reading is not bounded by pools
 */
record Role(
    String name,
    List<MethodPattern> accept,
    List<MethodPattern> reject,
    Optional<List<String>> pools) {
  private static final List<MethodPattern> READING =
      patterns(
          "*:Get*", "*:Query*", "*:List*", "*:Browse*", "*:Lookup*", "*:Plan*", "WatchService:*");

  /** The roles that there are without being written down, by name. */
  static final Map<String, Role> BUILT_IN =
      Map.of(
          "read", builtIn("read", READING),
          "write",
              builtIn(
                  "write",
                  Stream.concat(
                          READING.stream(),
                          patterns(
                              "JobService:*",
                              "PodService:*",
                              "ResourcePoolService:*",
                              "VolumeService:*")
                              .stream())
                      .toList()),
          "admin", builtIn("admin", patterns("*:*")));

  Role {
    accept = List.copyOf(accept);
    reject = List.copyOf(reject);
    pools = pools.map(List::copyOf);
  }

  boolean allows(MethodDescriptor<?, ?> method) {
    return accept.stream().anyMatch(pattern -> pattern.matches(method))
        && reject.stream().noneMatch(pattern -> pattern.matches(method));
  }

  /** Whether something in a pool may be changed. */
  boolean mayChangeBelow(String poolPath) {
    return pools.isEmpty()
        || pools.get().stream()
            .anyMatch(
                root ->
                    root.equals("/") || poolPath.equals(root) || poolPath.startsWith(root + "/"));
  }

  /** Whether a method only reads. */
  static boolean reads(MethodDescriptor<?, ?> method) {
    return READING.stream().anyMatch(pattern -> pattern.matches(method));
  }

  private static Role builtIn(String name, List<MethodPattern> accept) {
    return new Role(name, accept, List.of(), Optional.empty());
  }

  private static List<MethodPattern> patterns(String... texts) {
    return Stream.of(texts).map(MethodPattern::parse).toList();
  }
}
