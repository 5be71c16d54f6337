package peloton.desired.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.api.v1alpha.host.svc.HostSvc.ChangeHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.CompleteMaintenanceRequest;
import peloton.api.v1alpha.host.svc.HostSvc.CompleteMaintenanceResponse;
import peloton.api.v1alpha.host.svc.HostSvc.CreateHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.DeleteHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.StartMaintenanceRequest;
import peloton.api.v1alpha.host.svc.HostSvc.StartMaintenanceResponse;
import peloton.desired.ApiException;
import peloton.desired.DesiredFixture;
import peloton.records.HostRecord;
import peloton.records.OwnerRecord;
import peloton.store.view.HostTable;
import peloton.store.view.RecordKey;

class HostWriterTest {
  private final DesiredFixture fixture = new DesiredFixture();
  private final HostWriter writer =
      new HostWriter(fixture.desired, fixture.keys, fixture.timers.clock());

  @BeforeEach
  void hosts() {
    for (String name : List.of("a", "b", "c")) {
      fixture.put(
          new RecordKey.Host(name),
          HostRecord.newBuilder().setRegistered(true).setState(HostState.HOST_STATE_UP).build());
    }
  }

  @Test
  void aHostIsTakenOutOfServiceAndBroughtBack() {
    assertThat(fixture.answer(start("a")).getHostname()).isEqualTo("a");
    assertThat(goal("a")).isEqualTo(HostState.HOST_STATE_DOWN);
    assertThat(table().goals()).containsOnlyKeys("a");

    assertThat(fixture.answer(complete("a")).getHostname()).isEqualTo("a");
    assertThat(goal("a")).isEqualTo(HostState.HOST_STATE_UP);
  }

  @Test
  void askingTwiceWritesOnce() {
    fixture.answer(start("a"));
    long before = table().goals().get("a").getUpdatedAt();
    fixture.timers.advance(Duration.ofSeconds(1));

    fixture.answer(start("a"));

    assertThat(table().goals().get("a").getUpdatedAt()).isEqualTo(before);
  }

  @Test
  void ofSeveralHostsAllGoOrNone() {
    assertFails(
        writer.startMaintenance(
            StartMaintenanceRequest.newBuilder().addHostnames("a").addHostnames("x").build()),
        ApiException.Code.NOT_FOUND,
        "no agent at x");
    assertThat(table().goals()).isEmpty();

    fixture.answer(
        writer.startMaintenance(
            StartMaintenanceRequest.newBuilder().setHostname("c").addHostnames("a").build()));
    assertThat(table().goals()).containsOnlyKeys("a", "c");
  }

  @Test
  void whatIsNotInMaintenanceIsNotBroughtBack() {
    assertFails(complete("a"), ApiException.Code.NOT_FOUND, "not in maintenance: a");
    assertFails(complete("x"), ApiException.Code.NOT_FOUND, "not in maintenance: x");
  }

  @Test
  void aRequestNamesOneToAHundredHosts() {
    assertFails(start(""), ApiException.Code.INVALID_ARGUMENT, "given 0 hosts");
    assertFails(
        writer.startMaintenance(
            StartMaintenanceRequest.newBuilder()
                .addAllHostnames(IntStream.range(0, 101).mapToObj(i -> "h" + i).toList())
                .build()),
        ApiException.Code.INVALID_ARGUMENT,
        "given 101 hosts");
  }

  @Test
  void aHostIsDownAsLongAsAnybodyWantsIt() {
    OwnerRecord one = owner("one");
    OwnerRecord two = owner("two");
    fixture.answer(writer.hold(one, Set.of("a", "b", "unknown")));
    fixture.answer(writer.hold(two, Set.of("a")));
    fixture.answer(start("a"));
    assertThat(table().goals()).containsOnlyKeys("a", "b");

    fixture.answer(writer.hold(one, Set.of("b")));
    assertThat(goal("a")).isEqualTo(HostState.HOST_STATE_DOWN);
    assertFails(
        complete("a"), ApiException.Code.FAILED_PRECONDITION, "HostMaintenance two (cluster k)");

    fixture.answer(writer.hold(two, Set.of()));
    assertThat(goal("a")).isEqualTo(HostState.HOST_STATE_DOWN);
    fixture.answer(complete("a"));
    assertThat(goal("a")).isEqualTo(HostState.HOST_STATE_UP);
    fixture.answer(writer.hold(one, Set.of()));
    assertThat(goal("b")).isEqualTo(HostState.HOST_STATE_UP);
  }

  private static OwnerRecord owner(String name) {
    return OwnerRecord.newBuilder()
        .setCluster("k")
        .setKind("HostMaintenance")
        .setName(name)
        .setUid(name)
        .build();
  }

  @Test
  void poolsAreCreatedFilledAndDeleted() {
    fixture.answer(create("stateless"));
    assertFails(create("stateless"), ApiException.Code.ALREADY_EXISTS, "stateless");
    assertFails(create("default"), ApiException.Code.ALREADY_EXISTS, "default");
    assertFails(create(""), ApiException.Code.INVALID_ARGUMENT, "1 to 63");
    assertFails(create("a b"), ApiException.Code.INVALID_ARGUMENT, "a b");

    fixture.answer(change("a", "default", "stateless"));
    assertThat(HostPools.desired(table(), "a")).isEqualTo("stateless");
    assertThat(HostPools.current(table(), "a")).isEqualTo("default");

    assertFails(delete("default"), ApiException.Code.INVALID_ARGUMENT, "cannot be deleted");
    assertFails(delete("none"), ApiException.Code.NOT_FOUND, "none");
    fixture.answer(delete("stateless"));
    assertThat(HostPools.all(table())).containsOnlyKeys("default");
    assertThat(HostPools.desired(table(), "a")).isEqualTo("default");
    fixture.answer(create("stateless"));
    assertThat(HostPools.desired(table(), "a")).isEqualTo("default");
  }

  @Test
  void aHostIsMovedOnlyFromWhereItIsToWhereThereIsAPool() {
    fixture.answer(create("stateless"));

    assertFails(change("x", "default", "stateless"), ApiException.Code.NOT_FOUND, "x");
    assertFails(
        change("a", "stateless", "default"),
        ApiException.Code.INVALID_ARGUMENT,
        "sourcePool: given \"stateless\", but a is in default");
    assertFails(
        change("a", "default", "other"),
        ApiException.Code.INVALID_ARGUMENT,
        "there are default, stateless");
    fixture.answer(change("a", "default", "default"));
    assertThat(table().goals()).isEmpty();
  }

  @Test
  void maintenanceAndPoolOfAHostLeaveEachOtherAlone() {
    fixture.answer(create("stateless"));
    fixture.answer(change("a", "default", "stateless"));
    fixture.answer(start("a"));

    assertThat(goal("a")).isEqualTo(HostState.HOST_STATE_DOWN);
    assertThat(HostPools.desired(table(), "a")).isEqualTo("stateless");
  }

  private CompletableFuture<StartMaintenanceResponse> start(String host) {
    return writer.startMaintenance(StartMaintenanceRequest.newBuilder().setHostname(host).build());
  }

  private CompletableFuture<CompleteMaintenanceResponse> complete(String host) {
    return writer.completeMaintenance(
        CompleteMaintenanceRequest.newBuilder().setHostname(host).build());
  }

  private CompletableFuture<?> create(String pool) {
    return writer.createPool(CreateHostPoolRequest.newBuilder().setName(pool).build());
  }

  private CompletableFuture<?> delete(String pool) {
    return writer.deletePool(DeleteHostPoolRequest.newBuilder().setName(pool).build());
  }

  private CompletableFuture<?> change(String host, String from, String to) {
    return writer.changePool(
        ChangeHostPoolRequest.newBuilder()
            .setHostname(host)
            .setSourcePool(from)
            .setDestinationPool(to)
            .build());
  }

  private HostTable table() {
    return fixture.view.records().hosts();
  }

  private HostState goal(String host) {
    return table().goals().get(host).getGoal();
  }

  private void assertFails(CompletableFuture<?> call, ApiException.Code code, String text) {
    ApiException refusal = fixture.refusal(call);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageContaining(text);
  }
}
