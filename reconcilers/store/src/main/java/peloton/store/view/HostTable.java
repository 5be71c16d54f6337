package peloton.store.view;

import com.google.protobuf.Message;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import peloton.records.HostGoalRecord;
import peloton.records.HostPoolRecord;
import peloton.records.HostRecord;

/** The records of hosts and of their pools, by name. One thread writes, any thread reads. */
public final class HostTable {
  private final NavigableMap<String, HostGoalRecord> goals = new ConcurrentSkipListMap<>();
  private final NavigableMap<String, HostRecord> hosts = new ConcurrentSkipListMap<>();
  private final NavigableMap<String, HostPoolRecord> pools = new ConcurrentSkipListMap<>();

  HostTable() {}

  /** What people want of hosts; of most, nothing. */
  public NavigableMap<String, HostGoalRecord> goals() {
    return Collections.unmodifiableNavigableMap(goals);
  }

  /** What was last seen of hosts. */
  public NavigableMap<String, HostRecord> hosts() {
    return Collections.unmodifiableNavigableMap(hosts);
  }

  /** What was last seen of one host; empty if there is none of that name. */
  public Optional<HostRecord> host(String hostname) {
    return Optional.ofNullable(hosts.get(hostname));
  }

  /** The pools that were created; "default" is not among them. */
  public NavigableMap<String, HostPoolRecord> pools() {
    return Collections.unmodifiableNavigableMap(pools);
  }

  /** Takes in a record, or null for none; false if the key is not of this table. */
  boolean apply(RecordKey key, Message value) {
    if (key instanceof RecordKey.HostGoal goal) {
      set(goals, goal.hostname(), (HostGoalRecord) value);
    } else if (key instanceof RecordKey.Host host) {
      set(hosts, host.hostname(), (HostRecord) value);
    } else if (key instanceof RecordKey.HostPool pool) {
      set(pools, pool.name(), (HostPoolRecord) value);
    } else {
      return false;
    }
    return true;
  }

  /** The record of a key; empty if there is none, or the key is not of this table. */
  Optional<Message> get(RecordKey key) {
    if (key instanceof RecordKey.HostGoal goal) {
      return Optional.ofNullable(goals.get(goal.hostname()));
    } else if (key instanceof RecordKey.Host host) {
      return Optional.ofNullable(hosts.get(host.hostname()));
    } else if (key instanceof RecordKey.HostPool pool) {
      return Optional.ofNullable(pools.get(pool.name()));
    }
    return Optional.empty();
  }

  static boolean holds(RecordKey key) {
    return key instanceof RecordKey.HostGoal
        || key instanceof RecordKey.Host
        || key instanceof RecordKey.HostPool;
  }

  void forEachKey(Consumer<RecordKey> action) {
    goals.keySet().forEach(name -> action.accept(new RecordKey.HostGoal(name)));
    hosts.keySet().forEach(name -> action.accept(new RecordKey.Host(name)));
    pools.keySet().forEach(name -> action.accept(new RecordKey.HostPool(name)));
  }

  void copyTo(HostTable other) {
    other.goals.putAll(goals);
    other.hosts.putAll(hosts);
    other.pools.putAll(pools);
  }

  private static <T> void set(Map<String, T> map, String name, T value) {
    if (value == null) {
      map.remove(name);
    } else {
      map.put(name, value);
    }
  }
}
