package peloton.store.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import peloton.store.StoreException;

/** Leases and the keys that hang on them. Not thread-safe. */
final class Leases {

  private static final class Lease {
    private final Duration ttl;
    private final Set<String> keys = new TreeSet<>(KeyOrder.INSTANCE);
    private Instant end;

    private Lease(Duration ttl, Instant end) {
      this.ttl = ttl;
      this.end = end;
    }
  }

  private final Map<Long, Lease> leases = new TreeMap<>();
  private final Map<String, Lease> byKey = new HashMap<>();
  private long granted;

  long grant(Duration ttl, Instant now) {
    if (ttl.isZero() || ttl.isNegative()) {
      throw new IllegalArgumentException("a lease needs a time to live above 0, not " + ttl);
    }
    leases.put(++granted, new Lease(ttl, now.plus(ttl)));
    return granted;
  }

  Duration renew(long id, Instant now) {
    Lease lease = require(id);
    lease.end = now.plus(lease.ttl);
    return lease.ttl;
  }

  /** Forgets a lease; the keys that end with it. */
  List<String> end(long id) {
    Lease lease = require(id);
    leases.remove(id);
    lease.keys.forEach(byKey::remove);
    return List.copyOf(lease.keys);
  }

  /** The leases whose time is over, oldest first. */
  List<Long> due(Instant now) {
    return leases.entrySet().stream()
        .filter(entry -> !entry.getValue().end.isAfter(now))
        .map(Map.Entry::getKey)
        .toList();
  }

  void requireAlive(long id) {
    require(id);
  }

  /** Hangs a key on a lease, and off any other; 0 for none. */
  void attach(String key, long id) {
    detach(key);
    if (id != 0) {
      Lease lease = require(id);
      lease.keys.add(key);
      byKey.put(key, lease);
    }
  }

  void detach(String key) {
    Lease old = byKey.remove(key);
    if (old != null) {
      old.keys.remove(key);
    }
  }

  private Lease require(long id) {
    Lease lease = leases.get(id);
    if (lease == null) {
      throw new StoreException(StoreException.Code.NOT_FOUND, "there is no lease " + id);
    }
    return lease;
  }
}
