package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OperationID;
import org.apache.mesos.v1.Protos.OperationState;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus.Reason;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.mesos.local.resources.Resources;

class LaunchTest {

  private final Fixture mesos = new Fixture();

  static Stream<Arguments> invalidTasks() {
    return Stream.of(
        row("task_id", task -> task.getTaskIdBuilder().setValue("a/b")),
        row("task_id", task -> task.getTaskIdBuilder().setValue("..")),
        row("task_id", task -> task.getTaskIdBuilder().setValue("")),
        row("task_id", task -> task.getTaskIdBuilder().setValue("x".repeat(256))),
        row("task_id", task -> task.getTaskIdBuilder().setValue("a\nb")),
        row("agent_id", task -> task.getAgentIdBuilder().setValue("elsewhere")),
        row(
            "grace_period",
            task -> task.getKillPolicyBuilder().getGracePeriodBuilder().setNanoseconds(-1)),
        row("command and executor", TaskInfo.Builder::clearCommand),
        row(
            "command and executor",
            task -> task.getExecutorBuilder().getExecutorIdBuilder().setValue("e")),
        row(
            "not supported by the local Mesos",
            task -> task.clearCommand().getExecutorBuilder().getExecutorIdBuilder().setValue("e")),
        row("none are given", TaskInfo.Builder::clearResources),
        row(
            "cpus:4.001",
            task -> task.clearResources().addResources(Fixture.scalar("cpus", 4.001))),
        row("cpus is -1.0", task -> task.addResources(Fixture.scalar("cpus", -1))),
        row("ports", task -> task.addResources(Fixture.ports(31009, 31010))),
        row("health_check.type", task -> task.setHealthCheck(HealthCheck.newBuilder())),
        row(
            "health_check.command",
            task -> task.getHealthCheckBuilder().setType(HealthCheck.Type.COMMAND)),
        row(
            "must start with '/'",
            task ->
                task.getHealthCheckBuilder()
                    .setType(HealthCheck.Type.HTTP)
                    .getHttpBuilder()
                    .setPort(80)
                    .setPath("x")));
  }

  private static Arguments row(String part, Consumer<TaskInfo.Builder> fault) {
    return Arguments.of(part, fault);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalidTasks")
  void anInvalidTaskIsAnErrorThatNamesItsFaultAndNothingStarts(
      String part, Consumer<TaskInfo.Builder> fault) {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    var task = Fixture.task(offer, "t");
    fault.accept(task);
    mesos.launch(offer, task);
    var error = scheduler.takeUpdate(TaskState.TASK_ERROR);
    assertThat(error.getReason()).isEqualTo(Reason.REASON_TASK_INVALID);
    assertThat(error.getMessage()).contains(part);
    assertThat(error.hasUuid()).isFalse();
    assertThat(mesos.master.tasks()).isEmpty();
    assertThat(mesos.master.agents().get(0).free()).isEqualTo(Fixture.EACH.toString());
  }

  @Test
  void oneInvalidTaskDoesNotHinderTheOthersOfTheSameLaunch() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.launch(
        offer,
        Fixture.task(offer, "good").addResources(Fixture.ports(31000, 31001)),
        Fixture.task(offer, "bad").addResources(Fixture.ports(31001, 31001)),
        Fixture.task(offer, "good"),
        Fixture.task(offer, "better").addResources(Fixture.ports(31002, 31009)));
    assertThat(scheduler.takeUpdates())
        .extracting(status -> status.getTaskId().getValue() + " " + status.getState())
        .containsExactly(
            "good TASK_STARTING", "bad TASK_ERROR", "good TASK_ERROR", "better TASK_STARTING");
    assertThat(mesos.master.tasks()).hasSize(2);
  }

  @Test
  void whatATaskLeavesOfTheOfferIsFreeAgain() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.launch(offer, Fixture.task(offer, "t").addResources(Fixture.ports(31003, 31004)));
    assertThat(mesos.master.agents().get(0).free())
        .isEqualTo("cpus:3; mem:3968; ports:[31000-31002, 31005-31009]");
  }

  @Test
  void unknownOffersDropTheTasksOfPartitionAwareFrameworks() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework(Capability.Type.PARTITION_AWARE));
    var offer = scheduler.takeOffer();
    var unknown = offer.toBuilder();
    unknown.getIdBuilder().setValue("unknown");
    mesos.launch(List.of(offer, unknown.build()), Fixture.task(offer, "t"));
    var dropped = scheduler.takeUpdate(TaskState.TASK_DROPPED);
    assertThat(dropped.getReason()).isEqualTo(Reason.REASON_INVALID_OFFERS);
    assertThat(dropped.hasUuid()).isFalse();
    // The valid offer of the two is gone as well, and not refused.
    mesos.loop.advance(Fixture.ALLOCATION);
    assertThat(scheduler.takeOffers()).hasSize(1);
  }

  @Test
  void offersOfTwoAgentsOrTheSameOfferTwiceAreInvalid() {
    mesos.addAgent();
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offers = scheduler.takeOffers();
    mesos.launch(offers, Fixture.task(offers.get(0), "t"));
    assertThat(scheduler.takeUpdate(TaskState.TASK_LOST).getMessage()).contains("different agents");
    mesos.loop.advance(Fixture.ALLOCATION);
    var offer = scheduler.takeOffers().get(0);
    mesos.launch(List.of(offer, offer), Fixture.task(offer, "t"));
    assertThat(scheduler.takeUpdate(TaskState.TASK_LOST).getMessage()).contains("twice");
  }

  @Test
  void resourcesOfAFrameworkWithSeveralRolesMustBeOfTheOffersRole() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework(Capability.Type.MULTI_ROLE).addRoles("web"));
    var offer = scheduler.takeOffer();
    var wrong = Fixture.scalar("cpus", 1).toBuilder();
    wrong.getAllocationInfoBuilder().setRole("db");
    var right = Fixture.scalar("cpus", 1).toBuilder();
    right.getAllocationInfoBuilder().setRole("web");
    mesos.launch(
        offer,
        Fixture.task(offer, "wrong").clearResources().addResources(wrong),
        Fixture.task(offer, "right").clearResources().addResources(right),
        Fixture.task(offer, "unsaid"));
    assertThat(scheduler.takeUpdates())
        .extracting(status -> status.getTaskId().getValue() + " " + status.getState())
        .containsExactly("wrong TASK_ERROR", "right TASK_STARTING", "unsaid TASK_STARTING");
  }

  @Test
  void operationsThatAreNotSupportedSaySo() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var reserve =
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.RESERVE)
            .setId(OperationID.newBuilder().setValue("op"));
    reserve.getReserveBuilder();
    mesos.accept(List.of(scheduler.takeOffer()), reserve, 0);
    var status =
        scheduler.take(Event.Type.UPDATE_OPERATION_STATUS).get(0).getUpdateOperationStatus();
    assertThat(status.getStatus().getState()).isEqualTo(OperationState.OPERATION_ERROR);
    assertThat(status.getStatus().getOperationId().getValue()).isEqualTo("op");
    assertThat(status.getStatus().hasUuid()).isFalse();
  }

  @Test
  void aTaskIdIsFreeAgainOnlyAfterItsEndIsAcknowledged() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.running(offer, Fixture.task(offer, "t"));
    mesos.kill("t");
    var killed = scheduler.takeUpdate(TaskState.TASK_KILLED);
    mesos.loop.advance(Fixture.ALLOCATION.multipliedBy(6));
    var next = scheduler.takeOffers().get(0);
    mesos.launch(next, Fixture.task(next, "t"));
    scheduler.takeUpdate(TaskState.TASK_ERROR);
    mesos.acknowledge(killed);
    mesos.loop.advance(Fixture.ALLOCATION.multipliedBy(6));
    var last = scheduler.takeOffers().get(0);
    mesos.launch(last, Fixture.task(last, "t"));
    scheduler.takeUpdate(TaskState.TASK_STARTING);
  }

  @Test
  void aTaskOfAFrameworkWithRefinedReservationsMayUseItsResourcesAsOffered() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework(Capability.Type.RESERVATION_REFINEMENT));
    var offer = scheduler.takeOffer();
    assertThat(offer.getResourcesList()).noneMatch(r -> r.toString().contains("role"));
    mesos.launch(
        offer, Fixture.task(offer, "t").clearResources().addAllResources(offer.getResourcesList()));
    scheduler.takeUpdate(TaskState.TASK_STARTING);
    assertThat(mesos.master.agents().get(0).free()).isEqualTo(Resources.NONE.toString());
  }
}
