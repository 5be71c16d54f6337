package peloton.desired.pool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import peloton.records.ResourcePoolRecord;
import peloton.store.view.Records;

/**
 * The resource pools as a tree below the root, as of one moment. The root has the id {@code root}
 * and the path {@code /}; nobody writes it and it has no record. Immutable.
 */
public final class PoolTree {
  /** The id of the pool that all others lie below. */
  public static final String ROOT = "root";

  /** The path of the root. */
  public static final String ROOT_PATH = "/";

  private final Map<String, ResourcePoolRecord> pools;
  private final Map<String, TreeMap<String, String>> childrenByName = new HashMap<>();

  private PoolTree(Map<String, ResourcePoolRecord> pools) {
    this.pools = Map.copyOf(pools);
    this.pools.forEach(
        (id, pool) ->
            childrenByName
                .computeIfAbsent(pool.getSpec().getParent().getValue(), p -> new TreeMap<>())
                .put(pool.getSpec().getName(), id));
  }

  public static PoolTree of(Records records) {
    return new PoolTree(records.pools());
  }

  static PoolTree of(Map<String, ResourcePoolRecord> pools) {
    return new PoolTree(pools);
  }

  /** Whether there is such a pool; the root always is. */
  public boolean contains(String id) {
    return id.equals(ROOT) || pools.containsKey(id);
  }

  /** The record of a pool; empty for the root and for what is no pool. */
  public Optional<ResourcePoolRecord> pool(String id) {
    return Optional.ofNullable(pools.get(id));
  }

  /** The ids of all pools but the root. */
  public Set<String> ids() {
    return pools.keySet();
  }

  /** The ids of a pool's direct children, in the order of their names. */
  public List<String> children(String id) {
    TreeMap<String, String> children = childrenByName.get(id);
    return children == null ? List.of() : List.copyOf(children.values());
  }

  /** Whether a pool has no children, so that jobs may run in it. Never true for the root. */
  public boolean isLeaf(String id) {
    return !id.equals(ROOT) && children(id).isEmpty();
  }

  /**
   * The path of a pool such as {@code /infrastructure/compute}; empty for what is no pool, or hangs
   * below none.
   */
  public Optional<String> path(String id) {
    if (id.equals(ROOT)) {
      return Optional.of(ROOT_PATH);
    }
    Deque<String> names = new ArrayDeque<>();
    Set<String> seen = new HashSet<>();
    String at = id;
    while (!at.equals(ROOT)) {
      ResourcePoolRecord pool = pools.get(at);
      if (pool == null || !seen.add(at)) {
        return Optional.empty();
      }
      names.addFirst(pool.getSpec().getName());
      at = pool.getSpec().getParent().getValue();
    }
    return Optional.of("/" + String.join("/", names));
  }

  /**
   * The id of the pool at a path. A slash at the end does no harm.
   *
   * @return empty if there is none, or if the path does not begin with a slash
   */
  public Optional<String> lookup(String path) {
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    String at = ROOT;
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (trimmed.isEmpty()) {
      return Optional.of(ROOT);
    }
    for (String name : trimmed.substring(1).split("/", -1)) {
      TreeMap<String, String> children = childrenByName.get(at);
      at = children == null ? null : children.get(name);
      if (at == null) {
        return Optional.empty();
      }
    }
    return Optional.of(at);
  }
}
