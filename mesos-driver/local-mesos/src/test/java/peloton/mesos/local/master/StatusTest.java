package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.Label;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus.Reason;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;
import peloton.mesos.local.agent.SimulatedTasks;

class StatusTest {

  private final Fixture mesos = new Fixture();

  @Test
  void theNextUpdateOfATaskComesAfterTheAcknowledgementOfTheOneBefore() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.launch(offer, Fixture.task(offer, "t"));
    var starting = scheduler.takeUpdate(TaskState.TASK_STARTING);
    mesos.loop.advance(Duration.ofSeconds(9));
    assertThat(scheduler.takeUpdates()).isEmpty();
    assertThat(starting.getUuid().size()).isEqualTo(16);
    mesos.acknowledge(starting.toBuilder().setUuid(ByteString.copyFrom(new byte[16])).build());
    assertThat(scheduler.takeUpdates()).isEmpty();
    mesos.acknowledge(starting);
    var running = scheduler.takeUpdate(TaskState.TASK_RUNNING);
    assertThat(running.getUuid()).isNotEqualTo(starting.getUuid());
    assertThat(running.hasHealthy()).isFalse();
  }

  @Test
  void anUpdateWithoutAcknowledgementIsSentAgainLessAndLessOften() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.launch(offer, Fixture.task(offer, "t"));
    var first = scheduler.takeUpdate(TaskState.TASK_STARTING);
    mesos.loop.advance(Duration.ofSeconds(10));
    assertThat(scheduler.takeUpdate(TaskState.TASK_STARTING)).isEqualTo(first);
    mesos.loop.advance(Duration.ofSeconds(19));
    assertThat(scheduler.takeUpdates()).isEmpty();
    mesos.loop.advance(Duration.ofSeconds(1));
    assertThat(scheduler.takeUpdate(TaskState.TASK_STARTING)).isEqualTo(first);
    mesos.acknowledge(first);
    scheduler.takeUpdate(TaskState.TASK_RUNNING);
    mesos.loop.advance(Duration.ofSeconds(10));
    scheduler.takeUpdate(TaskState.TASK_RUNNING);
  }

  @Test
  void theNextSubscriptionGetsTheWaitingUpdateAtOnce() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.launch(offer, Fixture.task(offer, "t"));
    var starting = scheduler.takeUpdate(TaskState.TASK_STARTING);
    mesos.disconnect();
    mesos.loop.advance(Duration.ofSeconds(30));
    var next = mesos.subscribe(Fixture.framework());
    assertThat(next.takeUpdate(TaskState.TASK_STARTING)).isEqualTo(starting);
    assertThat(scheduler.takeUpdates()).isEmpty();
    mesos.acknowledge(starting);
    mesos.acknowledged(TaskState.TASK_RUNNING);
  }

  @Test
  void aTaskEndsByItselfWithTheCodeOfItsLabels() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    var task = Fixture.task(offer, "t");
    task.getLabelsBuilder()
        .addLabels(Label.newBuilder().setKey(SimulatedTasks.RUN_SECONDS).setValue("2.5"))
        .addLabels(Label.newBuilder().setKey(SimulatedTasks.EXIT_CODE).setValue("7"));
    mesos.running(offer, task);
    mesos.loop.advance(Duration.ofMillis(2499));
    assertThat(scheduler.takeUpdates()).isEmpty();
    mesos.loop.advance(Duration.ofMillis(1));
    var failed = mesos.acknowledged(TaskState.TASK_FAILED);
    assertThat(failed.getMessage()).isEqualTo("Command exited with status 7");
    assertThat(failed.getReason()).isEqualTo(Reason.REASON_COMMAND_EXECUTOR_FAILED);
    assertThat(mesos.master.tasks()).isEmpty();
  }

  @Test
  void killingIsToldOnlyToFrameworksThatKnowIt() {
    var slow = new Fixture(Duration.ZERO, Duration.ofSeconds(2));
    slow.addAgent();
    var scheduler = slow.subscribe(Fixture.framework(Capability.Type.TASK_KILLING_STATE));
    var offer = scheduler.takeOffer();
    slow.running(offer, Fixture.task(offer, "t"));
    slow.kill("t");
    slow.kill("t");
    slow.acknowledged(TaskState.TASK_KILLING);
    slow.loop.advance(Duration.ofSeconds(2));
    assertThat(slow.acknowledged(TaskState.TASK_KILLED).getMessage())
        .isEqualTo("Command terminated with signal Terminated");
  }

  @Test
  void aGraceThatIsShorterThanTheStopEndsTheTaskByForce() {
    var slow = new Fixture(Duration.ZERO, Duration.ofHours(1));
    slow.addAgent();
    var scheduler = slow.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    slow.running(offer, Fixture.task(offer, "t"));
    slow.kill("t");
    slow.loop.advance(Duration.ofMillis(2999));
    assertThat(scheduler.takeUpdates()).isEmpty();
    slow.loop.advance(Duration.ofMillis(1));
    assertThat(scheduler.takeUpdate(TaskState.TASK_KILLED).getMessage())
        .isEqualTo("Command terminated with signal Killed");
  }

  @Test
  void aSecondKillMayShortenTheGraceOfTheFirst() {
    var slow = new Fixture(Duration.ZERO, Duration.ofHours(1));
    slow.addAgent();
    var scheduler = slow.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    var task = Fixture.task(offer, "t");
    task.getKillPolicyBuilder().getGracePeriodBuilder().setNanoseconds(60_000_000_000L);
    slow.running(offer, task);
    slow.kill("t");
    slow.loop.advance(Duration.ofSeconds(1));
    assertThat(scheduler.takeUpdates()).isEmpty();
    var kill = Call.Kill.newBuilder();
    kill.getTaskIdBuilder().setValue("t");
    kill.getKillPolicyBuilder().getGracePeriodBuilder().setNanoseconds(0);
    slow.call(Call.newBuilder().setType(Call.Type.KILL).setKill(kill));
    scheduler.takeUpdate(TaskState.TASK_KILLED);
  }

  @Test
  void aTaskMayBeKilledBeforeItRuns() {
    var slow = new Fixture(Duration.ofMinutes(1), Duration.ZERO);
    slow.addAgent();
    var scheduler = slow.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    slow.launch(offer, Fixture.task(offer, "t"));
    slow.acknowledged(TaskState.TASK_STARTING);
    slow.kill("t");
    slow.acknowledged(TaskState.TASK_KILLED);
    slow.loop.advance(Duration.ofMinutes(2));
    assertThat(scheduler.takeUpdates()).isEmpty();
  }

  @Test
  void shutdownEndsTheTaskWhoseExecutorItNames() {
    var agent = mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.running(offer, Fixture.task(offer, "t"));
    var shutdown = Call.Shutdown.newBuilder();
    shutdown.getExecutorIdBuilder().setValue("t");
    shutdown.getAgentIdBuilder().setValue(agent);
    mesos.call(Call.newBuilder().setType(Call.Type.SHUTDOWN).setShutdown(shutdown));
    mesos.acknowledged(TaskState.TASK_KILLED);
  }

  @Test
  void explicitReconciliationTellsWhatIsKnownAndWhatIsNot() {
    var agent = mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework(Capability.Type.PARTITION_AWARE));
    var offer = scheduler.takeOffer();
    mesos.running(offer, Fixture.task(offer, "t"));
    mesos.reconcile("t", agent);
    var known = scheduler.takeUpdate(TaskState.TASK_RUNNING);
    assertThat(known.getReason()).isEqualTo(Reason.REASON_RECONCILIATION);
    assertThat(known.hasUuid()).isFalse();
    assertThat(known.getAgentId().getValue()).isEqualTo(agent);
    mesos.reconcile("other", "");
    scheduler.takeUpdate(TaskState.TASK_UNKNOWN);
    mesos.reconcile("other", "no-such-agent");
    scheduler.takeUpdate(TaskState.TASK_UNKNOWN);
    mesos.reconcile("other", agent);
    scheduler.takeUpdate(TaskState.TASK_GONE);
    mesos.kill("other");
    assertThat(scheduler.takeUpdate(TaskState.TASK_UNKNOWN).hasUuid()).isFalse();
  }

  @Test
  void frameworksThatDoNotKnowPartitionsHearOfLostTasksOnly() {
    var agent = mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    mesos.reconcile("other", "");
    scheduler.takeUpdate(TaskState.TASK_LOST);
    mesos.reconcile("other", agent);
    scheduler.takeUpdate(TaskState.TASK_LOST);
  }

  @Test
  void implicitReconciliationTellsOfAllTasksWhoseEndIsNotAcknowledged() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.launch(offer, Fixture.task(offer, "a"), Fixture.task(offer, "b"));
    scheduler.takeUpdates().forEach(mesos::acknowledge);
    scheduler.takeUpdates().forEach(mesos::acknowledge);
    mesos.kill("a");
    var killed = scheduler.takeUpdate(TaskState.TASK_KILLED);
    mesos.reconcileAll();
    assertThat(scheduler.takeUpdates())
        .extracting(status -> status.getTaskId().getValue() + " " + status.getState())
        .containsExactly("a TASK_KILLED", "b TASK_RUNNING");
    mesos.acknowledge(killed);
    mesos.reconcileAll();
    assertThat(scheduler.takeUpdates()).hasSize(1);
  }

  @Test
  void reconciliationIsNotNewerThanTheUpdateThatIsOnItsWay() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.launch(offer, Fixture.task(offer, "t"));
    scheduler.takeUpdate(TaskState.TASK_STARTING);
    mesos.reconcileAll();
    scheduler.takeUpdate(TaskState.TASK_STARTING);
  }

  @Test
  void anUnhealthyTaskIsKilledAndItsStatusesSayWhy() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    var task = Fixture.task(offer, "t");
    task.getLabelsBuilder().addLabelsBuilder().setKey(SimulatedTasks.HEALTH).setValue("failing");
    task.getHealthCheckBuilder()
        .setType(HealthCheck.Type.COMMAND)
        .setDelaySeconds(1)
        .setIntervalSeconds(1)
        .setGracePeriodSeconds(0)
        .setConsecutiveFailures(2)
        .getCommandBuilder()
        .setValue("false");
    mesos.running(offer, task);
    mesos.loop.advance(Duration.ofSeconds(1));
    var unhealthy = mesos.acknowledged(TaskState.TASK_RUNNING);
    assertThat(unhealthy.hasHealthy()).isTrue();
    assertThat(unhealthy.getHealthy()).isFalse();
    assertThat(unhealthy.getReason()).isEqualTo(Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED);
    mesos.loop.advance(Duration.ofSeconds(1));
    mesos.acknowledged(TaskState.TASK_RUNNING);
    var killed = mesos.acknowledged(TaskState.TASK_KILLED);
    assertThat(killed.hasHealthy()).isTrue();
    assertThat(killed.getHealthy()).isFalse();
  }
}
