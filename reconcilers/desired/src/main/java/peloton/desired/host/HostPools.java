package peloton.desired.host;

import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import peloton.records.HostGoalRecord;
import peloton.records.HostRecord;
import peloton.store.view.HostTable;

/** Which host is in which pool. A host that nobody moved, or whose pool is gone, is in default. */
public final class HostPools {
  /** The pool that always exists. */
  public static final String DEFAULT = "default";

  private HostPools() {}

  /** Whether there is such a pool. */
  public static boolean exists(HostTable table, String pool) {
    return pool.equals(DEFAULT) || table.pools().containsKey(pool);
  }

  /** Whether there are others than the default. */
  public static boolean inUse(HostTable table) {
    return table.pools().keySet().stream().anyMatch(name -> !name.equals(DEFAULT));
  }

  /** The pool that a host is in now. */
  public static String current(HostTable table, String hostname) {
    return named(table, table.host(hostname).map(HostRecord::getPool).orElse(""));
  }

  /** The pool that a host is to be in. */
  public static String desired(HostTable table, String hostname) {
    HostGoalRecord goal = table.goals().get(hostname);
    return named(table, goal == null ? "" : goal.getPool());
  }

  /** The names of all pools with the hosts that are in them now. */
  public static NavigableMap<String, NavigableSet<String>> all(HostTable table) {
    NavigableMap<String, NavigableSet<String>> pools = new TreeMap<>();
    pools.put(DEFAULT, new TreeSet<>());
    table.pools().keySet().forEach(name -> pools.putIfAbsent(name, new TreeSet<>()));
    for (Map.Entry<String, HostRecord> host : table.hosts().entrySet()) {
      pools.get(named(table, host.getValue().getPool())).add(host.getKey());
    }
    return pools;
  }

  private static String named(HostTable table, String pool) {
    return exists(table, pool) ? pool : DEFAULT;
  }
}
