package peloton.desired.host;

import static peloton.desired.ApiException.Code.ALREADY_EXISTS;
import static peloton.desired.ApiException.Code.FAILED_PRECONDITION;
import static peloton.desired.ApiException.Code.INVALID_ARGUMENT;
import static peloton.desired.ApiException.Code.NOT_FOUND;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.api.v1alpha.host.svc.HostSvc.ChangeHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.ChangeHostPoolResponse;
import peloton.api.v1alpha.host.svc.HostSvc.CompleteMaintenanceRequest;
import peloton.api.v1alpha.host.svc.HostSvc.CompleteMaintenanceResponse;
import peloton.api.v1alpha.host.svc.HostSvc.CreateHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.CreateHostPoolResponse;
import peloton.api.v1alpha.host.svc.HostSvc.DeleteHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.DeleteHostPoolResponse;
import peloton.api.v1alpha.host.svc.HostSvc.StartMaintenanceRequest;
import peloton.api.v1alpha.host.svc.HostSvc.StartMaintenanceResponse;
import peloton.desired.ApiException;
import peloton.desired.Decision;
import peloton.desired.DesiredStore;
import peloton.desired.Violation;
import peloton.desired.owner.Ownership;
import peloton.records.HostGoalRecord;
import peloton.records.HostPoolRecord;
import peloton.records.OwnerRecord;
import peloton.store.Txn;
import peloton.store.view.HostTable;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;

/**
 * The writes of the host API. Requests and answers are the API's own messages; futures fail with
 * {@link ApiException} only, and end when the write can be read back here.
 *
 * <p>There are few such writes, and some depend on all hosts and pools; so each of them also writes
 * the record of the default pool, which the next one compares.
 */
public final class HostWriter {
  /** Most hosts of one request, so that all of them go into one transaction. */
  static final int MAX_HOSTS = 100;

  private static final Pattern POOL_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,63}");
  private static final RecordKey LOCK = new RecordKey.HostPool(HostPools.DEFAULT);

  private final DesiredStore store;
  private final Keyspace keys;
  private final InstantSource clock;

  public HostWriter(DesiredStore store, Keyspace keys, InstantSource clock) {
    this.store = store;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Takes hosts out of service for a custom resource, and gives back those that only it held. Hosts
   * that there are not are left out; a write takes at most a hundred hosts, so there may be more to
   * do afterwards.
   *
   * @param names the hosts that the resource wants down, and no others
   */
  public CompletableFuture<Boolean> hold(OwnerRecord holder, Set<String> names) {
    return change(
        true,
        (table, now) -> {
          List<Txn.Write> writes = new ArrayList<>();
          for (String host : names) {
            if (writes.size() < MAX_HOSTS
                && table.host(host).isPresent()
                && !isHeldBy(goalOf(table, host), holder)) {
              writes.add(put(table, host, goal -> goal.addHolders(holder), now));
            }
          }
          for (Map.Entry<String, HostGoalRecord> goal : table.goals().entrySet()) {
            if (writes.size() < MAX_HOSTS
                && !names.contains(goal.getKey())
                && isHeldBy(goal.getValue(), holder)) {
              writes.add(put(table, goal.getKey(), g -> without(g, holder), now));
            }
          }
          return writes;
        });
  }

  /** Whether a resource is among those that want a host down. */
  public static boolean isHeldBy(HostGoalRecord goal, OwnerRecord holder) {
    return goal.getHoldersList().stream().anyMatch(other -> Ownership.same(other, holder));
  }

  private static HostGoalRecord.Builder without(HostGoalRecord.Builder goal, OwnerRecord holder) {
    List<OwnerRecord> rest =
        goal.getHoldersList().stream().filter(other -> !Ownership.same(other, holder)).toList();
    return goal.clearHolders().addAllHolders(rest);
  }

  /**
   * Takes hosts out of service: their pods are moved, and then they go down. A host for which that
   * was asked already stays as it is.
   *
   * <p>Fails with INVALID_ARGUMENT (no host, or more than 100) or NOT_FOUND (a host that there is
   * not); nothing is written then.
   */
  public CompletableFuture<StartMaintenanceResponse> startMaintenance(
      StartMaintenanceRequest request) {
    return maintain(
        hosts(request.getHostname(), request.getHostnamesList()),
        HostState.HOST_STATE_DOWN,
        StartMaintenanceResponse.newBuilder().setHostname(request.getHostname()).build());
  }

  /**
   * Brings hosts back into service; a drain that is under way is called off.
   *
   * <p>Fails with INVALID_ARGUMENT (no host, or more than 100), NOT_FOUND (a host that is not in
   * maintenance) or FAILED_PRECONDITION (a custom resource wants it down); nothing is written then.
   */
  public CompletableFuture<CompleteMaintenanceResponse> completeMaintenance(
      CompleteMaintenanceRequest request) {
    return maintain(
        hosts(request.getHostname(), request.getHostnamesList()),
        HostState.HOST_STATE_UP,
        CompleteMaintenanceResponse.newBuilder().setHostname(request.getHostname()).build());
  }

  /** Fails with INVALID_ARGUMENT (the name) or ALREADY_EXISTS. */
  public CompletableFuture<CreateHostPoolResponse> createPool(CreateHostPoolRequest request) {
    String name = request.getName();
    if (!POOL_NAME.matcher(name).matches()) {
      return failed(
          INVALID_ARGUMENT,
          "name: given "
              + Violation.quote(name)
              + "; allowed are 1 to 63 letters, digits, '_', '.' and '-'");
    }
    return change(
        CreateHostPoolResponse.getDefaultInstance(),
        (table, now) -> {
          if (HostPools.exists(table, name)) {
            throw refusal(ALREADY_EXISTS, "name: there is a host pool " + Violation.quote(name));
          }
          return List.of(
              keys.put(
                  new RecordKey.HostPool(name),
                  HostPoolRecord.newBuilder().setCreatedAt(now).build()));
        });
  }

  /**
   * Deletes a pool; its hosts go to the default pool.
   *
   * <p>Fails with INVALID_ARGUMENT (the default pool), NOT_FOUND or FAILED_PRECONDITION (more than
   * 100 hosts).
   */
  public CompletableFuture<DeleteHostPoolResponse> deletePool(DeleteHostPoolRequest request) {
    String name = request.getName();
    if (name.equals(HostPools.DEFAULT)) {
      return failed(INVALID_ARGUMENT, "name: given \"default\", which cannot be deleted");
    }
    return change(
        DeleteHostPoolResponse.getDefaultInstance(),
        (table, now) -> {
          if (!HostPools.exists(table, name)) {
            throw refusal(NOT_FOUND, "name: there is no host pool " + Violation.quote(name));
          }
          List<String> hosts =
              table.goals().entrySet().stream()
                  .filter(goal -> goal.getValue().getPool().equals(name))
                  .map(Map.Entry::getKey)
                  .toList();
          if (hosts.size() > MAX_HOSTS) {
            throw refusal(
                FAILED_PRECONDITION,
                "host pool "
                    + Violation.quote(name)
                    + " has "
                    + hosts.size()
                    + " hosts, and at most "
                    + MAX_HOSTS
                    + " go with their pool; move the others first (ChangeHostPool)");
          }
          List<Txn.Write> writes = new ArrayList<>();
          writes.add(new Txn.Write.Delete(keys.key(new RecordKey.HostPool(name))));
          hosts.forEach(host -> writes.add(put(table, host, b -> b.clearPool(), now)));
          return writes;
        });
  }

  /**
   * Moves a host to another pool, once its pods have gone elsewhere.
   *
   * <p>Fails with NOT_FOUND (the host) or INVALID_ARGUMENT (it is not in the source pool, or there
   * is no such destination).
   */
  public CompletableFuture<ChangeHostPoolResponse> changePool(ChangeHostPoolRequest request) {
    String host = request.getHostname();
    String from = request.getSourcePool();
    String to = request.getDestinationPool();
    return change(
        ChangeHostPoolResponse.getDefaultInstance(),
        (table, now) -> {
          requireKnown(table, Set.of(host));
          String is = HostPools.desired(table, host);
          if (!is.equals(from)) {
            throw refusal(
                INVALID_ARGUMENT,
                "sourcePool: given " + Violation.quote(from) + ", but " + host + " is in " + is);
          }
          if (!HostPools.exists(table, to)) {
            throw refusal(
                INVALID_ARGUMENT,
                "destinationPool: there is no host pool "
                    + Violation.quote(to)
                    + "; there are "
                    + String.join(", ", HostPools.all(table).keySet()));
          }
          return from.equals(to)
              ? List.of()
              : List.of(
                  put(table, host, b -> b.setPool(to.equals(HostPools.DEFAULT) ? "" : to), now));
        });
  }

  private <T> CompletableFuture<T> maintain(Set<String> hosts, HostState goal, T answer) {
    if (hosts.isEmpty() || hosts.size() > MAX_HOSTS) {
      return failed(
          INVALID_ARGUMENT,
          "hostname: given "
              + hosts.size()
              + " hosts in hostname and hostnames; name 1 to "
              + MAX_HOSTS);
    }
    return change(
        answer,
        (table, now) -> {
          if (goal == HostState.HOST_STATE_DOWN) {
            requireKnown(table, hosts);
          } else {
            requireMaintained(table, hosts);
          }
          boolean held = goal == HostState.HOST_STATE_DOWN;
          return hosts.stream()
              .filter(host -> goalOf(table, host).getHeldByClients() != held)
              .map(host -> put(table, host, b -> b.setHeldByClients(held), now))
              .toList();
        });
  }

  private static Set<String> hosts(String one, Collection<String> more) {
    Set<String> hosts = new LinkedHashSet<>();
    Stream.concat(Stream.of(one), more.stream()).filter(h -> !h.isEmpty()).forEach(hosts::add);
    return hosts;
  }

  private static void requireKnown(HostTable table, Set<String> hosts) {
    List<String> unknown = hosts.stream().filter(h -> table.host(h).isEmpty()).sorted().toList();
    if (!unknown.isEmpty()) {
      throw refusal(
          NOT_FOUND,
          "hostname: Mesos has no agent at "
              + String.join(", ", unknown)
              + "; QueryHosts lists those that there are (an agent that has just come is seen within"
              + " half a minute)");
    }
  }

  private static void requireMaintained(HostTable table, Set<String> hosts) {
    List<String> others =
        hosts.stream()
            .filter(h -> goalOf(table, h).getGoal() != HostState.HOST_STATE_DOWN)
            .sorted()
            .toList();
    if (!others.isEmpty()) {
      throw refusal(NOT_FOUND, "hostname: not in maintenance: " + String.join(", ", others));
    }
    for (String host : hosts) {
      if (goalOf(table, host).getHoldersCount() > 0) {
        throw refusal(
            FAILED_PRECONDITION,
            "hostname: "
                + host
                + " is kept in maintenance by "
                + Ownership.describe(goalOf(table, host).getHolders(0))
                + "; take it out of there");
      }
    }
  }

  private static HostGoalRecord goalOf(HostTable table, String host) {
    return table.goals().getOrDefault(host, HostGoalRecord.getDefaultInstance());
  }

  private Txn.Write put(
      HostTable table,
      String host,
      java.util.function.UnaryOperator<HostGoalRecord.Builder> edit,
      long now) {
    HostGoalRecord.Builder goal = goalOf(table, host).toBuilder().setUpdatedAt(now);
    HostGoalRecord.Builder edited = edit.apply(goal);
    boolean held = edited.getHeldByClients() || edited.getHoldersCount() > 0;
    edited.setGoal(held ? HostState.HOST_STATE_DOWN : HostState.HOST_STATE_UP);
    return keys.put(new RecordKey.HostGoal(host), edited.build());
  }

  /** Makes the writes that a decision comes to, none if it comes to nothing. */
  private <T> CompletableFuture<T> change(
      T answer, BiFunction<HostTable, Long, List<Txn.Write>> decide) {
    String lock = keys.key(LOCK);
    long now = now();
    return store.writeLocked(
        lock,
        (records, guard) -> {
          List<Txn.Write> writes;
          try {
            writes = decide.apply(records.hosts(), now);
          } catch (ApiException refused) {
            return new Decision.Refuse<>(refused);
          }
          if (writes.isEmpty()) {
            return new Decision.Answer<>(answer);
          }
          HostPoolRecord turn = HostPoolRecord.newBuilder().setCreatedAt(now).build();
          ByteString proof = turn.toByteString();
          List<Txn.Write> all = new ArrayList<>(writes);
          all.add(keys.put(LOCK, turn));
          return new Decision.Write<>(
              new Txn(List.of(guard), all),
              lock,
              found -> found.filter(entry -> entry.value().equals(proof)).isPresent(),
              answer);
        });
  }

  private static ApiException refusal(ApiException.Code code, String message) {
    return new ApiException(code, message);
  }

  private static <T> CompletableFuture<T> failed(ApiException.Code code, String message) {
    return CompletableFuture.failedFuture(new ApiException(code, message));
  }

  /** Unix nanoseconds. */
  private long now() {
    Instant now = clock.instant();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }
}
