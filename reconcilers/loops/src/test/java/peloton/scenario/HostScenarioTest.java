package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.SlaSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.records.HostGoalRecord;
import peloton.records.HostPoolRecord;
import peloton.records.HostRecord;
import peloton.records.PodRecord;
import peloton.store.view.RecordKey;

/** Hosts that go into maintenance and come back, on one leader after the other. */
class HostScenarioTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  private final World world = new World();

  @BeforeEach
  void twoAgentsWithRoomForAll() {
    world.mesos.addAgent("a", 10, 10_000);
    world.mesos.addAgent("b", 10, 10_000);
    world.start();
    world.idle(LONG);
  }

  @AfterEach
  void nothingWentWrong() {
    assertThat(world.outcome())
        .containsEntry("failures", 0L)
        .containsEntry("violations", List.of());
  }

  @Test
  void hostsThatMesosKnowsAreUp() {
    assertThat(world.committed().hosts().hosts()).containsOnlyKeys("a.example", "b.example");
    assertThat(host("a").getState()).isEqualTo(HostState.HOST_STATE_UP);
    assertThat(host("a").getRegistered()).isTrue();
    assertThat(host("a").getIp()).isEqualTo("10.0.0.1");
  }

  @Test
  void aHostIsEmptiedAndTakenDownAndComesBack() {
    world.createJob(World.job(6, "sleep"), UpdateSpec.getDefaultInstance());
    world.idle(LONG);
    assertThat(world.mesos.livingOn("a")).isEqualTo(3);

    want("a", HostState.HOST_STATE_DOWN);
    world.idle(LONG);

    assertThat(host("a").getState()).isEqualTo(HostState.HOST_STATE_DOWN);
    assertThat(world.mesos.livingOn("a")).isZero();
    assertThat(world.mesos.livingOn("b")).isEqualTo(6);
    assertThat(world.master.calls()).containsExactly("DEACTIVATE_AGENT", "DRAIN_AGENT");

    want("a", HostState.HOST_STATE_UP);
    world.idle(LONG);
    assertThat(host("a").getState()).isEqualTo(HostState.HOST_STATE_UP);
    assertThat(world.master.calls()).endsWith("REACTIVATE_AGENT");
    assertThat(world.mesos.livingOn("b")).as("nobody is moved back").isEqualTo(6);
  }

  @Test
  void anOlderMasterIsAskedThroughItsSchedule() {
    world.master.cannotDrain();
    world.createJob(World.job(6, "sleep"), UpdateSpec.getDefaultInstance());
    world.idle(LONG);

    want("a", HostState.HOST_STATE_DOWN);
    world.idle(LONG);

    assertThat(host("a").getState()).isEqualTo(HostState.HOST_STATE_DOWN);
    assertThat(host("a").getRegistered()).isFalse();
    assertThat(world.master.calls())
        .containsExactly("UPDATE_MAINTENANCE_SCHEDULE", "START_MAINTENANCE");
    assertThat(world.mesos.livingOn("b")).isEqualTo(6);

    want("a", HostState.HOST_STATE_UP);
    world.idle(LONG);
    assertThat(host("a").getState()).isEqualTo(HostState.HOST_STATE_UP);
    assertThat(world.master.calls()).endsWith("STOP_MAINTENANCE");
  }

  @Test
  void whoIsMovedSaysWhy() {
    world.createJob(World.job(2, "sleep"), UpdateSpec.getDefaultInstance());
    world.idle(LONG);
    int moved = world.pod(0).getHost().equals("a.example") ? 0 : 1;

    want("a", HostState.HOST_STATE_DOWN);
    world.idle(LONG);

    PodRecord past = world.history(moved, 1).orElseThrow().getPod();
    assertThat(past.getTermination().getReason())
        .isEqualTo(TerminationStatus.Reason.TERMINATION_STATUS_REASON_KILLED_HOST_MAINTENANCE);
    assertThat(past.getFailureCount()).isZero();
    assertThat(world.pod(moved).getHost()).isEqualTo("b.example");
    assertThat(world.pod(1 - moved).getRun()).isEqualTo(1);
  }

  @Test
  void noMorePodsAreDownThanTheirJobAllows() {
    JobSpec spec =
        World.job(6, "sleep").toBuilder()
            .setSla(SlaSpec.newBuilder().setMaximumUnavailableInstances(1))
            .build();
    world.createJob(spec, UpdateSpec.getDefaultInstance());
    world.idle(LONG);

    want("a", HostState.HOST_STATE_DOWN);
    for (int i = 0; i < 600; i++) {
      world.advance(Duration.ofMillis(200));
      assertThat(world.mesos.living().size()).isGreaterThanOrEqualTo(5);
    }

    assertThat(host("a").getState()).isEqualTo(HostState.HOST_STATE_DOWN);
    assertThat(world.mesos.livingOn("b")).isEqualTo(6);
  }

  @Test
  void aLeaderThatDiesInTheMiddleIsFollowedByOneThatGoesOn() {
    world.createJob(World.job(6, "sleep"), UpdateSpec.getDefaultInstance());
    world.idle(LONG);
    want("a", HostState.HOST_STATE_DOWN);
    for (int i = 0; i < 10; i++) {
      world.advance(Duration.ofSeconds(2));
      world.restart();
    }
    world.idle(LONG);

    assertThat(host("a").getState()).isEqualTo(HostState.HOST_STATE_DOWN);
    assertThat(world.mesos.livingOn("b")).isEqualTo(6);
  }

  @Test
  void aDrainWithNowhereToGoWaitsAndCanBeCalledOff() {
    world.createJob(World.job(18, "sleep"), UpdateSpec.getDefaultInstance());
    world.idle(LONG);
    assertThat(world.mesos.living()).hasSize(18);

    want("a", HostState.HOST_STATE_DOWN);
    world.idle(LONG);
    assertThat(world.mesos.livingOn("b")).isEqualTo(10);

    want("a", HostState.HOST_STATE_UP);
    world.idle(LONG);
    assertThat(world.mesos.living()).hasSize(18);
    assertThat(host("a").getState()).isEqualTo(HostState.HOST_STATE_UP);
  }

  @Test
  void aMasterThatIsAwayIsWaitedFor() {
    world.master.away(true);
    want("a", HostState.HOST_STATE_DOWN);
    world.idle(LONG);
    assertThat(host("a").getState()).isNotEqualTo(HostState.HOST_STATE_DOWN);

    world.master.away(false);
    world.idle(LONG);
    assertThat(host("a").getState()).isEqualTo(HostState.HOST_STATE_DOWN);
  }

  @Test
  void aHostChangesPoolsWithoutPodsOnIt() {
    world.write(new RecordKey.HostPool("gpu"), HostPoolRecord.newBuilder().setCreatedAt(1).build());
    world.createJob(World.job(6, "sleep"), UpdateSpec.getDefaultInstance());
    world.idle(LONG);

    world.write(
        new RecordKey.HostGoal("a.example"),
        HostGoalRecord.newBuilder().setGoal(HostState.HOST_STATE_UP).setPool("gpu").build());
    world.idle(LONG);

    assertThat(host("a").getPool()).isEqualTo("gpu");
    assertThat(host("a").getState()).isEqualTo(HostState.HOST_STATE_UP);
    assertThat(world.master.calls()).isEmpty();
    assertThat(world.mesos.living()).hasSize(6);
  }

  @Test
  void aHostThatIsGoneIsForgotten() {
    world.mesos.partition("b");
    world.idle(LONG);

    assertThat(world.committed().hosts().hosts()).containsOnlyKeys("a.example");
  }

  @Test
  void anIdleClusterWritesNothing() {
    world.idle(LONG);
    long before = world.committed().hosts().host("a.example").orElseThrow().getUpdatedAt();
    world.idle(Duration.ofMinutes(30));

    assertThat(host("a").getUpdatedAt()).isEqualTo(before);
  }

  private void want(String agent, HostState goal) {
    world.write(
        new RecordKey.HostGoal(agent + ".example"),
        HostGoalRecord.newBuilder().setGoal(goal).build());
  }

  private HostRecord host(String agent) {
    return world.committed().hosts().host(agent + ".example").orElseThrow();
  }
}
