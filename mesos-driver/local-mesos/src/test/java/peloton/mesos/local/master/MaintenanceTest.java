package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.InverseOffer;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.Protos.Unavailability;
import org.apache.mesos.v1.allocator.Protos.InverseOfferStatus;
import org.apache.mesos.v1.maintenance.Protos.ClusterStatus;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.maintenance.Protos.Window;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;

class MaintenanceTest {

  private static final Unavailability SOON =
      Unavailability.newBuilder()
          .setStart(TimeInfo.newBuilder().setNanoseconds(1_000))
          .setDuration(DurationInfo.newBuilder().setNanoseconds(60_000_000_000L))
          .build();

  private final Fixture fixture = new Fixture();

  @Test
  void aScheduleRescindsTheOffersOfItsMachinesAndIsToldInNewOnes() {
    String agent = fixture.addAgent();
    fixture.subscribe(Fixture.framework());
    var offer = fixture.scheduler.takeOffer();
    assertThat(offer.hasUnavailability()).isFalse();

    done(schedule(machine(agent)));
    assertThat(fixture.scheduler.take(Event.Type.RESCIND))
        .extracting(event -> event.getRescind().getOfferId())
        .containsExactly(offer.getId());
    fixture.loop.advance(Fixture.ALLOCATION);
    assertThat(fixture.scheduler.takeOffer().getUnavailability()).isEqualTo(SOON);
    assertThat(status().getDrainingMachines(0).getId()).isEqualTo(machine(agent));
    assertThat(status().getDownMachinesList()).isEmpty();
    assertThat(
            fixture
                .operate(Call.newBuilder().setType(Call.Type.GET_MAINTENANCE_SCHEDULE))
                .getGetMaintenanceSchedule()
                .getSchedule()
                .getWindows(0)
                .getUnavailability())
        .isEqualTo(SOON);
  }

  @Test
  void aMachineWithoutItsIpIsAnotherMachine() {
    String agent = fixture.addAgent();
    fixture.subscribe(Fixture.framework());
    done(schedule(machine(agent).toBuilder().clearIp().build()));
    assertThat(fixture.scheduler.take(Event.Type.RESCIND)).isEmpty();
    assertThat(status().getDrainingMachinesCount()).isEqualTo(1);
  }

  @Test
  void whoHasTasksThereIsAskedToLeaveAndTheAnswerIsKept() {
    String agent = fixture.addAgent();
    fixture.subscribe(Fixture.framework());
    fixture.running(fixture.scheduler.takeOffer(), task(agent, "t"));
    done(schedule(machine(agent)));
    fixture.loop.advance(Fixture.ALLOCATION);
    var asked = inverseOffer();
    assertThat(asked.getAgentId().getValue()).isEqualTo(agent);
    assertThat(asked.getUnavailability()).isEqualTo(SOON);
    assertThat(answers()).containsExactly(InverseOfferStatus.Status.UNKNOWN);

    fixture.loop.advance(Fixture.ALLOCATION.multipliedBy(10));
    assertThat(fixture.scheduler.take(Event.Type.INVERSE_OFFERS)).as("asked once").isEmpty();

    fixture.call(declineInverse(asked, 60));
    assertThat(answers()).containsExactly(InverseOfferStatus.Status.DECLINE);
    fixture.loop.advance(Duration.ofSeconds(59));
    assertThat(fixture.scheduler.take(Event.Type.INVERSE_OFFERS)).isEmpty();
    fixture.loop.advance(Duration.ofSeconds(2));
    var again = inverseOffer();
    var accept =
        org.apache.mesos.v1.scheduler.Protos.Call.AcceptInverseOffers.newBuilder()
            .addInverseOfferIds(again.getId());
    fixture.call(
        org.apache.mesos.v1.scheduler.Protos.Call.newBuilder()
            .setType(org.apache.mesos.v1.scheduler.Protos.Call.Type.ACCEPT_INVERSE_OFFERS)
            .setAcceptInverseOffers(accept));
    assertThat(answers()).containsExactly(InverseOfferStatus.Status.ACCEPT);
  }

  @Test
  void aNewScheduleTakesBackWhatWasAsked() {
    String agent = fixture.addAgent();
    fixture.subscribe(Fixture.framework());
    fixture.running(fixture.scheduler.takeOffer(), task(agent, "t"));
    done(schedule(machine(agent)));
    fixture.loop.advance(Fixture.ALLOCATION);
    var asked = inverseOffer();
    done(schedule());
    assertThat(fixture.scheduler.take(Event.Type.RESCIND_INVERSE_OFFER))
        .extracting(event -> event.getRescindInverseOffer().getInverseOfferId())
        .containsExactly(asked.getId());
    assertThat(status().getDrainingMachinesList()).isEmpty();
    fixture.loop.advance(Fixture.ALLOCATION);
    assertThat(fixture.scheduler.take(Event.Type.INVERSE_OFFERS)).isEmpty();
  }

  @Test
  void takingAMachineDownEndsItsAgentAndItsTasksAreGoneByAnOperator() {
    String agent = fixture.addAgent();
    fixture.subscribe(Fixture.framework(Capability.Type.PARTITION_AWARE));
    fixture.running(fixture.scheduler.takeOffer(), task(agent, "t"));
    done(schedule(machine(agent)));
    done(start(machine(agent)));
    fixture.scheduler.takeUpdate(TaskState.TASK_GONE_BY_OPERATOR);
    assertThat(fixture.scheduler.take(Event.Type.FAILURE)).hasSize(1);
    assertThat(fixture.agents()).isEmpty();
    assertThat(status().getDownMachinesList()).containsExactly(machine(agent));
    fixture.loop.advance(Duration.ofMinutes(10));
    assertThat(fixture.scheduler.takeOffers()).isEmpty();
    fixture.reconcile("t", agent);
    fixture.scheduler.takeUpdate(TaskState.TASK_UNKNOWN);
  }

  @Test
  void aMachineThatComesUpGetsANewAgent() {
    String agent = fixture.addAgent();
    done(schedule(machine(agent)));
    done(start(machine(agent)));
    assertThat(fixture.restarted).isEmpty();
    done(stop(machine(agent)));
    assertThat(fixture.restarted).containsExactly("host-" + agent + " with " + Fixture.EACH);
    assertThat(status()).isEqualTo(ClusterStatus.getDefaultInstance());
    assertThat(
            fixture
                .operate(Call.newBuilder().setType(Call.Type.GET_MAINTENANCE_SCHEDULE))
                .getGetMaintenanceSchedule()
                .getSchedule()
                .getWindowsList())
        .isEmpty();
  }

  @Test
  void anAgentThatWasLostDoesNotReturnToAMachineThatIsDown() {
    String agent = fixture.addAgent();
    fixture.master.loseAgent(agent);
    fixture.loop.advance(Fixture.PING_TIMEOUT);
    done(schedule(machine(agent)));
    done(start(machine(agent)));
    assertThat(fixture.master.returnAgent(agent)).isFalse();
    done(stop(machine(agent)));
    assertThat(fixture.master.returnAgent(agent)).isTrue();
  }

  @Test
  void whatMakesNoSenseIsRefusedAsMesosRefusesIt() {
    String agent = fixture.addAgent();
    var machine = machine(agent);
    String name = "Machine '{\"hostname\":\"" + machine.getHostname() + "\",\"ip\":\"127.0.0.1\"}'";
    refused(schedule(machine, machine), name + " appears more than once in the schedule");
    refused(
        schedule(MachineID.getDefaultInstance()),
        "Both 'hostname' and 'ip' for a machine are empty");
    refused(schedule(machine.toBuilder().setIp("1.2.3").build()), "'1.2.3' is not an IPv4 address");
    refused(
        update(Schedule.newBuilder().addWindows(Window.newBuilder().setUnavailability(SOON))),
        "List of machines in the maintenance window is empty");
    refused(start(), "List of machines is empty");
    refused(start(machine), name + " is not part of a maintenance schedule");
    done(schedule(machine));
    refused(stop(machine), name + " is not in DOWN mode and cannot be brought up");
    done(start(machine));
    refused(start(machine), name + " is not in DRAINING mode and cannot be brought down");
    refused(schedule(), "is deactivated and cannot be removed from the schedule");
    refused(
        Call.newBuilder().setType(Call.Type.START_MAINTENANCE),
        "Expecting 'start_maintenance' to be set");
  }

  private static org.apache.mesos.v1.Protos.TaskInfo.Builder task(String agent, String id) {
    return Fixture.task(
        org.apache.mesos.v1.Protos.Offer.newBuilder()
            .setAgentId(org.apache.mesos.v1.Protos.AgentID.newBuilder().setValue(agent))
            .buildPartial(),
        id);
  }

  private static org.apache.mesos.v1.scheduler.Protos.Call.Builder declineInverse(
      InverseOffer offer, double seconds) {
    var decline =
        org.apache.mesos.v1.scheduler.Protos.Call.DeclineInverseOffers.newBuilder()
            .addInverseOfferIds(offer.getId());
    decline.getFiltersBuilder().setRefuseSeconds(seconds);
    return org.apache.mesos.v1.scheduler.Protos.Call.newBuilder()
        .setType(org.apache.mesos.v1.scheduler.Protos.Call.Type.DECLINE_INVERSE_OFFERS)
        .setDeclineInverseOffers(decline);
  }

  private InverseOffer inverseOffer() {
    var events = fixture.scheduler.take(Event.Type.INVERSE_OFFERS);
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getInverseOffers().getInverseOffersCount()).isEqualTo(1);
    return events.get(0).getInverseOffers().getInverseOffers(0);
  }

  private List<InverseOfferStatus.Status> answers() {
    return status().getDrainingMachines(0).getStatusesList().stream()
        .map(InverseOfferStatus::getStatus)
        .toList();
  }

  private ClusterStatus status() {
    return fixture
        .operate(Call.newBuilder().setType(Call.Type.GET_MAINTENANCE_STATUS))
        .getGetMaintenanceStatus()
        .getStatus();
  }

  private void done(Call.Builder call) {
    assertThat(fixture.tryOperate(call)).isEqualTo(new OperatorReply.Done());
  }

  private void refused(Call.Builder call, String why) {
    assertThat(fixture.tryOperate(call))
        .isInstanceOfSatisfying(
            OperatorReply.Refused.class,
            refusal -> {
              assertThat(refusal.status()).isEqualTo(400);
              assertThat(refusal.why()).contains(why);
            });
  }

  /** What the schedule has to say of an agent of the fixture. */
  private static MachineID machine(String agent) {
    return MachineID.newBuilder()
        .setHostname(("host-" + agent).toLowerCase(java.util.Locale.ROOT))
        .setIp("127.0.0.1")
        .build();
  }

  private static Call.Builder schedule(MachineID... machines) {
    var schedule = Schedule.newBuilder();
    if (machines.length > 0) {
      schedule.addWindowsBuilder().addAllMachineIds(List.of(machines)).setUnavailability(SOON);
    }
    return update(schedule);
  }

  private static Call.Builder update(Schedule.Builder schedule) {
    return Call.newBuilder()
        .setType(Call.Type.UPDATE_MAINTENANCE_SCHEDULE)
        .setUpdateMaintenanceSchedule(
            Call.UpdateMaintenanceSchedule.newBuilder().setSchedule(schedule));
  }

  private static Call.Builder start(MachineID... machines) {
    return Call.newBuilder()
        .setType(Call.Type.START_MAINTENANCE)
        .setStartMaintenance(Call.StartMaintenance.newBuilder().addAllMachines(List.of(machines)));
  }

  private static Call.Builder stop(MachineID... machines) {
    return Call.newBuilder()
        .setType(Call.Type.STOP_MAINTENANCE)
        .setStopMaintenance(Call.StopMaintenance.newBuilder().addAllMachines(List.of(machines)));
  }
}
