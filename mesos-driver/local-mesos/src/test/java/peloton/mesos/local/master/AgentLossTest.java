package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus.Reason;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;

class AgentLossTest {

  private final Fixture mesos = new Fixture();
  private final String agent = mesos.addAgent();

  @Test
  void theTasksOfALostAgentAreUnreachableAfterThePingTimeout() {
    var scheduler = running(Capability.Type.PARTITION_AWARE);
    mesos.master.loseAgent(agent);
    mesos.loop.advance(Fixture.PING_TIMEOUT.minusMillis(1));
    assertThat(scheduler.takeUpdates()).isEmpty();
    mesos.loop.advance(Duration.ofMillis(1));
    var unreachable = scheduler.takeUpdate(TaskState.TASK_UNREACHABLE);
    assertThat(unreachable.getReason()).isEqualTo(Reason.REASON_AGENT_REMOVED);
    assertThat(unreachable.hasUuid()).isFalse();
    assertThat(unreachable.hasUnreachableTime()).isTrue();
    assertThat(scheduler.take(Event.Type.FAILURE))
        .extracting(event -> event.getFailure().getAgentId().getValue())
        .containsExactly(agent);
    mesos.reconcile("t", agent);
    scheduler.takeUpdate(TaskState.TASK_UNREACHABLE);
    mesos.kill("t");
    scheduler.takeUpdate(TaskState.TASK_UNKNOWN);
  }

  @Test
  void aFrameworkThatDoesNotKnowPartitionsHearsThatTheyAreLost() {
    var scheduler = running();
    mesos.master.loseAgent(agent);
    mesos.loop.advance(Fixture.PING_TIMEOUT);
    scheduler.takeUpdate(TaskState.TASK_LOST);
  }

  @Test
  void anAgentThatIsBackInTimeSaysNothing() {
    var scheduler = running(Capability.Type.PARTITION_AWARE);
    mesos.master.loseAgent(agent);
    mesos.loop.advance(Fixture.PING_TIMEOUT.minusSeconds(1));
    mesos.master.returnAgent(agent);
    mesos.loop.advance(Duration.ofMinutes(5));
    assertThat(scheduler.takeUpdates()).isEmpty();
    assertThat(mesos.master.tasks()).hasSize(1);
  }

  @Test
  void theTasksOfAnAgentThatReturnsLateRunAgain() {
    var scheduler = running(Capability.Type.PARTITION_AWARE);
    mesos.master.loseAgent(agent);
    mesos.loop.advance(Fixture.PING_TIMEOUT);
    scheduler.takeUpdate(TaskState.TASK_UNREACHABLE);
    mesos.master.returnAgent(agent);
    var back = scheduler.takeUpdate(TaskState.TASK_RUNNING);
    assertThat(back.getReason()).isEqualTo(Reason.REASON_AGENT_REREGISTERED);
    assertThat(back.hasUuid()).isFalse();
    mesos.kill("t");
    mesos.acknowledged(TaskState.TASK_KILLED);
    assertThat(mesos.master.tasks()).isEmpty();
  }

  @Test
  void aTaskThatEndsWhileItsAgentIsAwayIsToldWhenTheAgentIsBack() {
    var scheduler = mesos.subscribe(Fixture.framework(Capability.Type.PARTITION_AWARE));
    var offer = scheduler.takeOffer();
    var task = Fixture.task(offer, "t");
    task.getLabelsBuilder().addLabelsBuilder().setKey("simulate.run-seconds").setValue("10");
    mesos.running(offer, task);
    mesos.master.loseAgent(agent);
    mesos.loop.advance(Duration.ofSeconds(100));
    scheduler.takeUpdate(TaskState.TASK_UNREACHABLE);
    mesos.master.returnAgent(agent);
    mesos.acknowledged(TaskState.TASK_FINISHED);
    mesos.loop.advance(Duration.ofSeconds(10));
    assertThat(mesos.master.agents().get(0).total()).isEqualTo(Fixture.EACH.toString());
    assertThat(mesos.master.tasks()).isEmpty();
  }

  @Test
  void aKillThatTheAgentMissedIsRepeatedOnItsReturn() {
    var scheduler = running(Capability.Type.PARTITION_AWARE);
    mesos.master.loseAgent(agent);
    mesos.kill("t");
    mesos.loop.advance(Duration.ofSeconds(10));
    assertThat(scheduler.takeUpdates()).isEmpty();
    mesos.master.returnAgent(agent);
    mesos.loop.settle();
    mesos.acknowledged(TaskState.TASK_KILLED);
  }

  @Test
  void acknowledgementsDoNotReachALostAgent() {
    var scheduler = mesos.subscribe(Fixture.framework(Capability.Type.PARTITION_AWARE));
    var offer = scheduler.takeOffer();
    mesos.launch(offer, Fixture.task(offer, "t"));
    var starting = scheduler.takeUpdate(TaskState.TASK_STARTING);
    mesos.master.loseAgent(agent);
    mesos.acknowledge(starting);
    mesos.master.returnAgent(agent);
    assertThat(scheduler.takeUpdate(TaskState.TASK_STARTING)).isEqualTo(starting);
  }

  @Test
  void anAgentThatAnOperatorMarksAsGoneNeverReturns() {
    var scheduler = running(Capability.Type.PARTITION_AWARE);
    assertThat(mesos.master.markAgentGone(agent)).isTrue();
    assertThat(scheduler.takeUpdate(TaskState.TASK_GONE_BY_OPERATOR).getReason())
        .isEqualTo(Reason.REASON_AGENT_REMOVED_BY_OPERATOR);
    assertThat(mesos.master.returnAgent(agent)).isFalse();
    mesos.reconcile("t", agent);
    scheduler.takeUpdate(TaskState.TASK_GONE_BY_OPERATOR);
  }

  private RecordingSubscriber running(Capability.Type... capabilities) {
    var scheduler = mesos.subscribe(Fixture.framework(capabilities));
    var offer = scheduler.takeOffer();
    mesos.running(offer, Fixture.task(offer, "t"));
    return scheduler;
  }
}
