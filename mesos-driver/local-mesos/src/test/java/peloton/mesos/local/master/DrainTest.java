package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainState;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;

/** DRAIN_AGENT and its like; what a real master of Mesos 1.12 was seen to do. */
class DrainTest {

  private final Fixture fixture =
      new Fixture(java.time.Duration.ZERO, java.time.Duration.ofSeconds(5));

  @Test
  void aDrainRescindsOffersAndKillsTasksAndEndsWithTheirAcknowledgements() {
    String agent = fixture.addAgent();
    fixture.subscribe(
        Fixture.framework(Capability.Type.PARTITION_AWARE, Capability.Type.TASK_KILLING_STATE));
    var offer = fixture.scheduler.takeOffer();
    fixture.running(offer, Fixture.task(offer, "t"));
    fixture.loop.advance(java.time.Duration.ofSeconds(10));
    var rest = fixture.scheduler.takeOffer();

    done(drain(agent, false));
    assertThat(fixture.scheduler.take(Event.Type.RESCIND))
        .extracting(event -> event.getRescind().getOfferId())
        .containsExactly(rest.getId());
    assertThat(fixture.acknowledged(TaskState.TASK_KILLING).getReason())
        .isEqualTo(TaskStatus.Reason.REASON_AGENT_DRAINING);
    assertThat(drainState(agent)).isEqualTo(DrainState.DRAINING);
    refused(reactivate(agent), "Agent is still in the DRAINING state");

    fixture.loop.advance(java.time.Duration.ofSeconds(5));
    var killed = fixture.scheduler.takeUpdate(TaskState.TASK_KILLED);
    assertThat(killed.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_DRAINING);
    assertThat(drainState(agent)).as("not acknowledged yet").isEqualTo(DrainState.DRAINING);
    fixture.acknowledge(killed);
    assertThat(drainState(agent)).isEqualTo(DrainState.DRAINED);

    fixture.loop.advance(java.time.Duration.ofMinutes(5));
    assertThat(fixture.scheduler.takeOffers()).as("no offers until it is reactivated").isEmpty();
    assertThat(fixture.agents().get(0).getActive()).isFalse();
    assertThat(fixture.agents().get(0).getDeactivated()).isTrue();

    done(reactivate(agent));
    assertThat(fixture.scheduler.takeOffer().getAgentId().getValue()).isEqualTo(agent);
    assertThat(fixture.agents().get(0).getActive()).isTrue();
    assertThat(fixture.agents().get(0).hasDrainInfo()).isFalse();
    refused(reactivate(agent), "Agent is not deactivated");
  }

  @Test
  void theLongestGraceOfADrainShortensAKillPolicyAndNeverExtendsIt() {
    String agent = fixture.addAgent();
    fixture.subscribe(Fixture.framework());
    var offer = fixture.scheduler.takeOffer();
    var slow = Fixture.task(offer, "slow");
    slow.getKillPolicyBuilder().getGracePeriodBuilder().setNanoseconds(60_000_000_000L);
    var quick = Fixture.task(offer, "quick");
    quick.getKillPolicyBuilder().getGracePeriodBuilder().setNanoseconds(1_000_000_000L);
    fixture.launch(offer, slow, quick);
    fixture.scheduler.takeUpdates().forEach(fixture::acknowledge);
    fixture.scheduler.takeUpdates().forEach(fixture::acknowledge);

    var call = drain(agent, false);
    call.getDrainAgentBuilder().setMaxGracePeriod(Duration.newBuilder().setSeconds(3));
    done(call);
    fixture.loop.advance(java.time.Duration.ofSeconds(1));
    assertThat(fixture.acknowledged(TaskState.TASK_KILLED).getTaskId().getValue())
        .isEqualTo("quick");
    fixture.loop.advance(java.time.Duration.ofSeconds(2));
    assertThat(fixture.acknowledged(TaskState.TASK_KILLED).getTaskId().getValue())
        .isEqualTo("slow");
    assertThat(drainState(agent)).isEqualTo(DrainState.DRAINED);
  }

  @Test
  void anAgentWithoutTasksIsDrainedAtOnce() {
    String agent = fixture.addAgent();
    done(drain(agent, false));
    assertThat(drainState(agent)).isEqualTo(DrainState.DRAINED);
  }

  @Test
  void aDrainThatMarksGoneTellsTasksAsGoneAndEndsTheAgent() {
    String agent = fixture.addAgent();
    fixture.subscribe(
        Fixture.framework(Capability.Type.PARTITION_AWARE, Capability.Type.TASK_KILLING_STATE));
    var offer = fixture.scheduler.takeOffer();
    fixture.running(offer, Fixture.task(offer, "t"));
    done(drain(agent, true));
    fixture.loop.advance(java.time.Duration.ofSeconds(5));
    var gone = fixture.acknowledged(TaskState.TASK_GONE_BY_OPERATOR);
    assertThat(gone.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_DRAINING);
    assertThat(fixture.agents()).isEmpty();
    refused(drain(agent, false), "Unknown agent");
  }

  @Test
  void aDrainGoesOnWhenALostAgentReturns() {
    String agent = fixture.addAgent();
    fixture.subscribe(Fixture.framework());
    var offer = fixture.scheduler.takeOffer();
    fixture.running(offer, Fixture.task(offer, "t"));
    fixture.master.loseAgent(agent);
    done(drain(agent, false));
    fixture.loop.advance(java.time.Duration.ofSeconds(60));
    assertThat(fixture.scheduler.takeUpdates()).isEmpty();
    fixture.master.returnAgent(agent);
    fixture.loop.advance(java.time.Duration.ofSeconds(5));
    fixture.acknowledged(TaskState.TASK_KILLED);
    assertThat(drainState(agent)).isEqualTo(DrainState.DRAINED);
    assertThat(fixture.scheduler.takeOffers()).isEmpty();
  }

  @Test
  void aDrainOutlivesItsMaster() {
    String agent = fixture.addAgent();
    done(drain(agent, false));
    fixture.master.failOver();
    assertThat(drainState(agent)).isEqualTo(DrainState.DRAINED);
    fixture.subscribe(Fixture.framework());
    fixture.loop.advance(Fixture.ALLOCATION);
    assertThat(fixture.scheduler.takeOffers()).isEmpty();
  }

  @Test
  void deactivationTakesOffersAwayAndLetsTasksRun() {
    String agent = fixture.addAgent();
    fixture.subscribe(Fixture.framework());
    var offer = fixture.scheduler.takeOffer();
    fixture.running(offer, Fixture.task(offer, "t"));
    done(
        Call.newBuilder()
            .setType(Call.Type.DEACTIVATE_AGENT)
            .setDeactivateAgent(Call.DeactivateAgent.newBuilder().setAgentId(id(agent))));
    fixture.loop.advance(java.time.Duration.ofMinutes(5));
    assertThat(fixture.scheduler.takeOffers()).isEmpty();
    assertThat(fixture.scheduler.takeUpdates()).isEmpty();
    assertThat(fixture.master.tasks().get(0).state()).isEqualTo(TaskState.TASK_RUNNING);
    assertThat(fixture.agents().get(0).hasDrainInfo()).isFalse();
    done(reactivate(agent));
    assertThat(fixture.scheduler.takeOffers()).hasSize(1);
  }

  @Test
  void markingAnAgentGoneTellsItsTasksAndEndsIt() {
    String agent = fixture.addAgent();
    fixture.subscribe(Fixture.framework(Capability.Type.PARTITION_AWARE));
    var offer = fixture.scheduler.takeOffer();
    fixture.running(offer, Fixture.task(offer, "t"));
    done(markGone(agent));
    fixture.scheduler.takeUpdate(TaskState.TASK_GONE_BY_OPERATOR);
    assertThat(fixture.agents()).isEmpty();
    done(markGone(agent));
    assertThat(fixture.tryOperate(markGone("nobody")))
        .isEqualTo(new OperatorReply.Refused(404, "Agent 'nobody' not found"));
  }

  @Test
  void theUnreachableTasksOfAnAgentThatIsGoneAreToldToBeGone() {
    String agent = fixture.addAgent();
    fixture.subscribe(Fixture.framework(Capability.Type.PARTITION_AWARE));
    var offer = fixture.scheduler.takeOffer();
    fixture.running(offer, Fixture.task(offer, "t"));
    fixture.master.loseAgent(agent);
    fixture.loop.advance(Fixture.PING_TIMEOUT);
    fixture.scheduler.takeUpdate(TaskState.TASK_UNREACHABLE);
    done(markGone(agent));
    fixture.scheduler.takeUpdate(TaskState.TASK_GONE_BY_OPERATOR);
  }

  @Test
  void anOlderMasterKnowsNoDrain() {
    var old = new Fixture("1.8.1");
    String agent = old.addAgent();
    assertThat(old.tryOperate(drain(agent, false)))
        .isEqualTo(
            new OperatorReply.Refused(
                400, "Failed to validate master::Call: Expecting 'type' to be present"));
    assertThat(
            old.operate(Call.newBuilder().setType(Call.Type.GET_MASTER))
                .getGetMaster()
                .getMasterInfo()
                .getCapabilitiesList())
        .extracting(org.apache.mesos.v1.Protos.MasterInfo.Capability::getType)
        .doesNotContain(org.apache.mesos.v1.Protos.MasterInfo.Capability.Type.AGENT_DRAINING);
    assertThat(
            old.operate(Call.newBuilder().setType(Call.Type.GET_VERSION))
                .getGetVersion()
                .getVersionInfo()
                .getVersion())
        .isEqualTo("1.8.1");
  }

  private DrainState drainState(String agent) {
    return fixture.agents().stream()
        .filter(any -> any.getAgentInfo().getId().getValue().equals(agent))
        .findFirst()
        .orElseThrow()
        .getDrainInfo()
        .getState();
  }

  private void done(Call.Builder call) {
    assertThat(fixture.tryOperate(call)).isEqualTo(new OperatorReply.Done());
  }

  private void refused(Call.Builder call, String why) {
    assertThat(fixture.tryOperate(call)).isEqualTo(new OperatorReply.Refused(400, why));
  }

  private static AgentID.Builder id(String agent) {
    return AgentID.newBuilder().setValue(agent);
  }

  private static Call.Builder drain(String agent, boolean markGone) {
    return Call.newBuilder()
        .setType(Call.Type.DRAIN_AGENT)
        .setDrainAgent(Call.DrainAgent.newBuilder().setAgentId(id(agent)).setMarkGone(markGone));
  }

  private static Call.Builder reactivate(String agent) {
    return Call.newBuilder()
        .setType(Call.Type.REACTIVATE_AGENT)
        .setReactivateAgent(Call.ReactivateAgent.newBuilder().setAgentId(id(agent)));
  }

  private static Call.Builder markGone(String agent) {
    return Call.newBuilder()
        .setType(Call.Type.MARK_AGENT_GONE)
        .setMarkAgentGone(Call.MarkAgentGone.newBuilder().setAgentId(id(agent)));
  }
}
