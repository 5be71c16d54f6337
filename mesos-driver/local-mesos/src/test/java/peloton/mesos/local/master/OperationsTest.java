package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainState;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OperationID;
import org.apache.mesos.v1.Protos.OperationState;
import org.apache.mesos.v1.Protos.OperationStatus;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.Volume;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.mesos.local.resources.Resources;

/** Reservations, persistent volumes and the feedback of operations. */
class OperationsTest {

  private static final Resources EACH = Fixture.EACH.plus(Resources.scalar("disk", 1024));

  private Fixture fixture = new Fixture();
  private String agent;

  @BeforeEach
  void start() {
    agent = fixture.addAgent(EACH);
    fixture.subscribe(framework("web"));
  }

  @Test
  void aReservationIsOfferedToItsRoleOnlyAndCanBeUndone() {
    accept(fixture.scheduler.takeOffer(), reserve("r1", reserved(disk(100))));
    var finished = fixture.scheduler.take(Event.Type.UPDATE_OPERATION_STATUS);
    assertThat(status(finished).getState()).isEqualTo(OperationState.OPERATION_FINISHED);
    assertThat(status(finished).getConvertedResourcesList())
        .containsExactly(reserved(disk(100)).clearAllocationInfo().build());
    assertThat(status(finished).getAgentId().getValue()).isEqualTo(agent);
    acknowledge(status(finished));

    fixture.loop.advance(Fixture.ALLOCATION);
    var offer = fixture.scheduler.takeOffer();
    assertThat(amounts(offer)).contains("disk(reserved: web):100", "disk:924");

    fixture.decline(offer, 3600);
    var other = fixture.subscribeOther(framework("db"), List.of());
    assertThat(amounts(other.takeOffers().get(0))).contains("disk:924").doesNotContain("reserved");

    fixture.call(Call.Type.REVIVE);
    var rest = fixture.scheduler.takeOffers();
    assertThat(rest).as("its disk alone is worth no offer").isEmpty();
  }

  @Test
  void whatIsReservedCanBeUnreserved() {
    accept(fixture.scheduler.takeOffer(), reserve("r1", reserved(disk(100))));
    fixture.loop.advance(Fixture.ALLOCATION);
    accept(
        fixture.scheduler.takeOffer(),
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.UNRESERVE)
            .setUnreserve(
                Offer.Operation.Unreserve.newBuilder().addResources(reserved(disk(100)))));
    fixture.loop.advance(Fixture.ALLOCATION);
    assertThat(amounts(fixture.scheduler.takeOffer())).isEqualTo(EACH.toString());
  }

  @Test
  void aVolumeIsReservedCreatedAndLaunchedOnInOneAccept() {
    var offer = fixture.scheduler.takeOffer();
    var task = Fixture.task(offer, "t").addResources(volume("v1", 100, "data"));
    accept(
        offer,
        reserve("r", reserved(disk(100))),
        create("c", volume("v1", 100, "data")),
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.LAUNCH)
            .setLaunch(Offer.Operation.Launch.newBuilder().addTaskInfos(task)));
    assertThat(states()).containsExactly("r OPERATION_FINISHED", "c OPERATION_FINISHED");
    fixture.acknowledged(TaskState.TASK_STARTING);
    fixture.acknowledged(TaskState.TASK_RUNNING);
    fixture.loop.advance(Duration.ofSeconds(6));
    var rest = fixture.scheduler.takeOffer();
    assertThat(amounts(rest)).contains("disk:924").doesNotContain("[v1]");
    fixture.kill("t");
    fixture.acknowledged(TaskState.TASK_KILLED);
    fixture.decline(rest, 0);
    fixture.loop.advance(Fixture.ALLOCATION);
    var again = fixture.scheduler.takeOffer();
    assertThat(amounts(again)).contains("disk(reserved: web)[v1]:100");

    accept(again, destroy(volume("v1", 100, "elsewhere")));
    fixture.loop.advance(Fixture.ALLOCATION);
    assertThat(amounts(fixture.scheduler.takeOffer())).contains("disk(reserved: web):100");
  }

  @Test
  void whatCannotBeDoneIsAnErrorOfTheOperationAndChangesNothing() {
    error(reserve("x", reserved(disk(2000))), "it needs disk:2000, the offers have");
    error(reserve("x", disk(1)), "is not dynamically reserved");
    error(
        reserve("x", disk(1).addReservations(reservation("db"))),
        "a resource with role 'db', but the resource was allocated to role 'web'");
    error(create("x", volume("v", 10, "data")), "it needs disk(reserved: web):10, the offers have");
    error(create("x", reserved(disk(1))), "is not a persistent volume");
    error(create("x", volume("a/b", 1, "data")), "'a/b' is no persistence id");
    error(
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.GROW_VOLUME)
            .setId(OperationID.newBuilder().setValue("x")),
        "GROW_VOLUME is not supported by the local Mesos");
    assertThat(amounts(fixture.scheduler.takeOffer())).isEqualTo(EACH.toString());
  }

  @Test
  void aPersistenceIdIsUsedOnceOnAnAgent() {
    accept(
        fixture.scheduler.takeOffer(),
        reserve("r", reserved(disk(100))),
        create("c", volume("v", 40, "data")));
    states();
    fixture.loop.advance(Fixture.ALLOCATION);
    error(create("x", volume("v", 60, "data")), "Persistence ID 'v' is not unique");
  }

  @Test
  void aPrincipalHasToNameItselfInWhatItReserves() {
    fixture = new Fixture();
    agent = fixture.addAgent(EACH);
    fixture.subscribe(framework("web").setPrincipal("peloton"));
    error(reserve("x", reserved(disk(1))), "by principal 'peloton', but a reserved resource names");
    var right = disk(1).addReservations(reservation("web").setPrincipal("peloton"));
    accept(fixture.scheduler.takeOffer(), reserve("r", right));
    assertThat(states()).containsExactly("r OPERATION_FINISHED");
  }

  @Test
  void anOperationIsToldAgainAfterTenSecondsUntilItIsAcknowledged() {
    accept(fixture.scheduler.takeOffer(), reserve("r", reserved(disk(1))));
    var first = status(fixture.scheduler.take(Event.Type.UPDATE_OPERATION_STATUS));
    fixture.loop.advance(Duration.ofSeconds(9));
    assertThat(states()).isEmpty();
    fixture.loop.advance(Duration.ofSeconds(2));
    assertThat(status(fixture.scheduler.take(Event.Type.UPDATE_OPERATION_STATUS))).isEqualTo(first);
    fixture.subscribe(framework("web"));
    assertThat(states()).as("a new subscription hears of it at once").hasSize(1);
    acknowledge(first);
    fixture.loop.advance(Duration.ofHours(2));
    assertThat(states()).isEmpty();
  }

  @Test
  void anOperationThatWasNotAcknowledgedHoldsADrainUp() {
    accept(fixture.scheduler.takeOffer(), reserve("r", reserved(disk(1))));
    var status = status(fixture.scheduler.take(Event.Type.UPDATE_OPERATION_STATUS));
    fixture.tryOperate(
        org.apache.mesos.v1.master.Protos.Call.newBuilder()
            .setType(org.apache.mesos.v1.master.Protos.Call.Type.DRAIN_AGENT)
            .setDrainAgent(
                org.apache.mesos.v1.master.Protos.Call.DrainAgent.newBuilder().setAgentId(id())));
    assertThat(fixture.agents().get(0).getDrainInfo().getState()).isEqualTo(DrainState.DRAINING);
    acknowledge(status);
    assertThat(fixture.agents().get(0).getDrainInfo().getState()).isEqualTo(DrainState.DRAINED);
  }

  @Test
  void operationsAreReconciledByWhatIsKnownOfThemAndTheirAgent() {
    accept(fixture.scheduler.takeOffer(), reserve("r", reserved(disk(1))));
    states();
    reconcile("r", agent);
    var known = status(fixture.scheduler.take(Event.Type.UPDATE_OPERATION_STATUS));
    assertThat(known.getState()).isEqualTo(OperationState.OPERATION_FINISHED);
    assertThat(known.hasUuid()).as("not to be acknowledged").isFalse();
    reconcile("other", agent);
    reconcile("other", "");
    assertThat(states()).containsExactly("other OPERATION_UNKNOWN", "other OPERATION_UNKNOWN");
    fixture.master.loseAgent(agent);
    fixture.loop.advance(Fixture.PING_TIMEOUT);
    states();
    reconcile("r", agent);
    reconcile("other", agent);
    assertThat(states()).containsExactly("r OPERATION_UNREACHABLE", "other OPERATION_UNREACHABLE");
    fixture.master.returnAgent(agent);
    fixture.loop.settle();
    assertThat(states()).containsExactly("r OPERATION_FINISHED");
    fixture.master.markAgentGone(agent);
    assertThat(states()).containsExactly("r OPERATION_GONE_BY_OPERATOR");
    reconcile("other", agent);
    assertThat(states()).containsExactly("other OPERATION_GONE_BY_OPERATOR");
  }

  @Test
  void operatorsReserveAndDestroyOnWhatNobodyUses() {
    var offer = fixture.scheduler.takeOffer();
    var reserve =
        org.apache.mesos.v1.master.Protos.Call.ReserveResources.newBuilder()
            .setAgentId(id())
            .addResources(unallocated(reserved(disk(100))));
    var call =
        org.apache.mesos.v1.master.Protos.Call.newBuilder()
            .setType(org.apache.mesos.v1.master.Protos.Call.Type.RESERVE_RESOURCES)
            .setReserveResources(reserve);
    assertThat(fixture.tryOperate(call)).isEqualTo(new OperatorReply.Accepted());
    assertThat(fixture.scheduler.take(Event.Type.RESCIND))
        .extracting(event -> event.getRescind().getOfferId())
        .containsExactly(offer.getId());
    fixture.loop.advance(Fixture.ALLOCATION);
    var reserved = fixture.scheduler.takeOffer();
    assertThat(amounts(reserved)).contains("disk(reserved: web):100");
    fixture.launch(reserved, Fixture.task(reserved, "t").addResources(reserved(disk(60))));
    var unreserve =
        org.apache.mesos.v1.master.Protos.Call.newBuilder()
            .setType(org.apache.mesos.v1.master.Protos.Call.Type.UNRESERVE_RESOURCES)
            .setUnreserveResources(
                org.apache.mesos.v1.master.Protos.Call.UnreserveResources.newBuilder()
                    .setAgentId(id())
                    .addResources(unallocated(reserved(disk(100)))));
    assertThat(fixture.tryOperate(unreserve))
        .as("a task uses it")
        .isInstanceOfSatisfying(
            OperatorReply.Refused.class, refusal -> assertThat(refusal.status()).isEqualTo(409));
  }

  @Test
  void revocableResourcesAreForThoseWhoTakeThem() {
    var second = new Fixture();
    second.addAgent(EACH.plus(Resources.revocable("cpus", 8)));
    second.subscribe(framework("web"));
    var offer = second.scheduler.takeOffer();
    assertThat(amounts(offer)).isEqualTo(EACH.toString());
    second.decline(offer, 0);
    second.subscribe(framework("web", Capability.Type.REVOCABLE_RESOURCES));
    var both = second.scheduler.takeOffer();
    assertThat(amounts(both)).contains("cpus{REV}:8", "cpus:4");
    var revocable =
        Fixture.scalar("cpus", 5).toBuilder()
            .setRevocable(Resource.RevocableInfo.getDefaultInstance());
    second.launch(
        both,
        Fixture.task(both, "mixed").addResources(revocable),
        Fixture.task(both, "slack").setResources(0, revocable));
    assertThat(second.scheduler.takeUpdates())
        .extracting(status -> status.getTaskId().getValue() + " " + status.getState())
        .containsExactly("mixed TASK_ERROR", "slack TASK_STARTING");
  }

  private static FrameworkInfo.Builder framework(String role, Capability.Type... more) {
    var info =
        Fixture.framework(Capability.Type.MULTI_ROLE, Capability.Type.RESERVATION_REFINEMENT)
            .addRoles(role);
    for (var type : more) {
      info.addCapabilitiesBuilder().setType(type);
    }
    return info;
  }

  private void error(Offer.Operation.Builder operation, String why) {
    accept(fixture.scheduler.takeOffer(), operation);
    var status = status(fixture.scheduler.take(Event.Type.UPDATE_OPERATION_STATUS));
    assertThat(status.getState()).isEqualTo(OperationState.OPERATION_ERROR);
    assertThat(status.getMessage()).contains(why);
    assertThat(status.hasUuid()).isFalse();
    fixture.loop.advance(Fixture.ALLOCATION);
  }

  private void accept(Offer offer, Offer.Operation.Builder... operations) {
    var accept = Call.Accept.newBuilder().addOfferIds(offer.getId());
    for (var operation : operations) {
      accept.addOperations(operation);
    }
    accept.getFiltersBuilder().setRefuseSeconds(0);
    fixture.call(Call.newBuilder().setType(Call.Type.ACCEPT).setAccept(accept));
  }

  private void acknowledge(OperationStatus status) {
    fixture.call(
        Call.newBuilder()
            .setType(Call.Type.ACKNOWLEDGE_OPERATION_STATUS)
            .setAcknowledgeOperationStatus(
                Call.AcknowledgeOperationStatus.newBuilder()
                    .setAgentId(status.getAgentId())
                    .setUuid(status.getUuid().getValue())
                    .setOperationId(status.getOperationId())));
  }

  private void reconcile(String operation, String agentId) {
    var reconcile = Call.ReconcileOperations.newBuilder();
    var asked = reconcile.addOperationsBuilder();
    asked.getOperationIdBuilder().setValue(operation);
    if (!agentId.isEmpty()) {
      asked.getAgentIdBuilder().setValue(agentId);
    }
    fixture.call(
        Call.newBuilder()
            .setType(Call.Type.RECONCILE_OPERATIONS)
            .setReconcileOperations(reconcile));
  }

  private List<String> states() {
    return fixture.scheduler.take(Event.Type.UPDATE_OPERATION_STATUS).stream()
        .map(event -> event.getUpdateOperationStatus().getStatus())
        .map(status -> status.getOperationId().getValue() + " " + status.getState())
        .toList();
  }

  private static OperationStatus status(List<Event> events) {
    assertThat(events).hasSize(1);
    return events.get(0).getUpdateOperationStatus().getStatus();
  }

  private static String amounts(Offer offer) {
    return Resources.of(offer.getResourcesList(), offer.getAllocationInfo().getRole()).toString();
  }

  private AgentID id() {
    return AgentID.newBuilder().setValue(agent).build();
  }

  private static Resource.Builder disk(double amount) {
    var disk = Fixture.scalar("disk", amount).toBuilder();
    disk.getAllocationInfoBuilder().setRole("web");
    return disk;
  }

  private static Resource unallocated(Resource.Builder resource) {
    return resource.clearAllocationInfo().build();
  }

  private static Resource.Builder reserved(Resource.Builder resource) {
    return resource.addReservations(reservation("web"));
  }

  private static Resource.ReservationInfo.Builder reservation(String role) {
    return Resource.ReservationInfo.newBuilder()
        .setType(Resource.ReservationInfo.Type.DYNAMIC)
        .setRole(role);
  }

  private static Resource.Builder volume(String id, double amount, String path) {
    var volume = reserved(disk(amount));
    volume.getDiskBuilder().getPersistenceBuilder().setId(id);
    volume.getDiskBuilder().getVolumeBuilder().setContainerPath(path).setMode(Volume.Mode.RW);
    return volume;
  }

  private static Offer.Operation.Builder reserve(String id, Resource.Builder resource) {
    return Offer.Operation.newBuilder()
        .setType(Offer.Operation.Type.RESERVE)
        .setId(OperationID.newBuilder().setValue(id))
        .setReserve(Offer.Operation.Reserve.newBuilder().addResources(resource));
  }

  private static Offer.Operation.Builder create(String id, Resource.Builder volume) {
    return Offer.Operation.newBuilder()
        .setType(Offer.Operation.Type.CREATE)
        .setId(OperationID.newBuilder().setValue(id))
        .setCreate(Offer.Operation.Create.newBuilder().addVolumes(volume));
  }

  private static Offer.Operation.Builder destroy(Resource.Builder volume) {
    return Offer.Operation.newBuilder()
        .setType(Offer.Operation.Type.DESTROY)
        .setDestroy(Offer.Operation.Destroy.newBuilder().addVolumes(volume));
  }
}
