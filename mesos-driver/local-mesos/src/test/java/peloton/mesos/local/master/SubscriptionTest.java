package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.mesos.local.master.Sessions.Verdict;

class SubscriptionTest {

  private final Fixture mesos = new Fixture();

  @Test
  void theFirstEventNamesTheFrameworkAndTheHeartbeat() {
    var scheduler = mesos.subscribeOther(Fixture.framework(), List.of());
    var first = scheduler.take().get(0);
    assertThat(first.getType()).isEqualTo(Event.Type.SUBSCRIBED);
    assertThat(first.getSubscribed().getHeartbeatIntervalSeconds()).isEqualTo(15);
    assertThat(first.getSubscribed().getFrameworkId().getValue()).endsWith("-0000");
    assertThat(first.getSubscribed().getMasterInfo().getPort()).isEqualTo(5050);
  }

  @Test
  void heartbeatsComeAtTheirInterval() {
    var scheduler = mesos.subscribe(Fixture.framework());
    scheduler.take();
    mesos.loop.advance(Duration.ofSeconds(44));
    assertThat(scheduler.take(Event.Type.HEARTBEAT)).hasSize(2);
  }

  @Test
  void aSecondSubscriptionEndsTheFirst() {
    mesos.addAgent();
    var first = mesos.subscribe(Fixture.framework());
    var id = mesos.frameworkId();
    first.take();
    var second = mesos.subscribe(Fixture.framework());
    assertThat(mesos.frameworkId()).isEqualTo(id);
    assertThat(first.take(Event.Type.ERROR))
        .extracting(event -> event.getError().getMessage())
        .containsExactly("Framework failed over");
    assertThat(first.closed()).isTrue();
    assertThat(mesos.sessions.judge(id, first.streamId())).isEqualTo(Verdict.OTHER_STREAM_ID);
    assertThat(mesos.sessions.judge(id, second.streamId())).isEqualTo(Verdict.ACCEPTED);
    // The end of the old connection comes after it was replaced and changes nothing.
    mesos.master.streamEnded(first);
    assertThat(mesos.sessions.judge(id, second.streamId())).isEqualTo(Verdict.ACCEPTED);
    assertThat(second.takeOffers()).hasSize(1);
  }

  @Test
  void aFrameworkThatDoesNotComeBackInTimeIsRemovedWithItsTasks() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.running(offer, Fixture.task(offer, "t"));
    mesos.disconnect();
    assertThat(mesos.sessions.judge(mesos.frameworkId(), "any")).isEqualTo(Verdict.NOT_SUBSCRIBED);
    mesos.loop.advance(Duration.ofSeconds(59));
    assertThat(mesos.master.tasks()).hasSize(1);
    mesos.loop.advance(Duration.ofSeconds(1));
    assertThat(mesos.master.tasks()).isEmpty();
    assertThat(mesos.sessions.judge(mesos.frameworkId(), "any"))
        .isEqualTo(Verdict.UNKNOWN_FRAMEWORK);
    assertRemoved();
    assertThat(mesos.master.agents().get(0).free()).isEqualTo(Fixture.EACH.toString());
  }

  @Test
  void aFrameworkWithoutFailoverTimeoutIsRemovedAtOnce() {
    mesos.subscribe(Fixture.framework().clearFailoverTimeout());
    mesos.disconnect();
    assertRemoved();
  }

  @Test
  void aFrameworkThatComesBackInTimeStays() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.running(offer, Fixture.task(offer, "t"));
    mesos.disconnect();
    mesos.loop.advance(Duration.ofSeconds(59));
    mesos.subscribe(Fixture.framework());
    mesos.loop.advance(Duration.ofMinutes(5));
    assertThat(mesos.master.tasks()).hasSize(1);
  }

  @Test
  void tornDownMeansRemoved() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.running(offer, Fixture.task(offer, "t"));
    mesos.call(Call.Type.TEARDOWN);
    assertThat(scheduler.closed()).isTrue();
    assertThat(mesos.master.tasks()).isEmpty();
    assertRemoved();
  }

  @Test
  void anIdThatThisMasterNeverSawIsTaken() {
    var info = Fixture.framework();
    info.getIdBuilder().setValue("from-before");
    mesos.subscribe(info);
    assertThat(mesos.frameworkId()).isEqualTo("from-before");
  }

  @Test
  void afterAMasterFailoverTasksAreThereAndOffersAreNot() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.running(offer, Fixture.task(offer, "t"));
    mesos.call(Call.Type.REVIVE);
    var old = scheduler.takeOffer();
    mesos.master.failOver();
    assertThat(mesos.sessions.judge(mesos.frameworkId(), scheduler.streamId()))
        .isEqualTo(Verdict.NOT_SUBSCRIBED);
    var next = mesos.subscribe(Fixture.framework());
    assertThat(next.takeOffer().getId()).isNotEqualTo(old.getId());
    mesos.launch(old, Fixture.task(old, "late"));
    next.takeUpdate(TaskState.TASK_LOST);
    mesos.reconcileAll();
    next.takeUpdate(TaskState.TASK_RUNNING);
  }

  @Test
  void updateFrameworkChangesRolesAndRefusesWhatMayNotChange() {
    mesos.addAgent();
    var info = Fixture.framework(Capability.Type.MULTI_ROLE).addRoles("a");
    var scheduler = mesos.subscribe(info);
    mesos.decline(scheduler.takeOffer(), 3600);
    info.clearRoles().addRoles("b").getIdBuilder().setValue(mesos.frameworkId());
    assertThat(update(info)).isEmpty();
    assertThat(scheduler.takeOffer().getAllocationInfo().getRole()).isEqualTo("b");
    assertThat(update(info.clone().setUser("nobody")).orElseThrow()).contains("FrameworkInfo.user");
    assertThat(update(info.clone().addRoles("b")).orElseThrow()).contains("twice");
  }

  private java.util.Optional<String> update(FrameworkInfo.Builder info) {
    var update = Call.UpdateFramework.newBuilder().setFrameworkInfo(info);
    return mesos.master.updateFramework(
        Call.newBuilder()
            .setType(Call.Type.UPDATE_FRAMEWORK)
            .setFrameworkId(info.getId())
            .setUpdateFramework(update)
            .build(),
        mesos.scheduler.streamId());
  }

  @SuppressWarnings("deprecation")
  static Stream<Arguments> invalidFrameworks() {
    return Stream.of(
        row("FrameworkInfo.roles", info -> info.addRoles("a")),
        row(
            "FrameworkInfo.role ",
            info -> info.setRole("a").addCapabilitiesBuilder().setType(Capability.Type.MULTI_ROLE)),
        row("'a b' is not a role", info -> info.setRole("a b")),
        row("'../x' is not a role", info -> info.setRole("../x")),
        row("FrameworkInfo.id", info -> info.getIdBuilder().setValue("a/b")),
        row("failover_timeout", info -> info.setFailoverTimeout(1e10)));
  }

  private static Arguments row(String part, Consumer<FrameworkInfo.Builder> fault) {
    return Arguments.of(part, fault);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalidFrameworks")
  void anInvalidFrameworkGetsAnErrorAndTheEnd(String part, Consumer<FrameworkInfo.Builder> fault) {
    var info = Fixture.framework();
    fault.accept(info);
    var scheduler = mesos.subscribeOther(info, List.of());
    assertThat(scheduler.take())
        .singleElement()
        .satisfies(event -> assertThat(event.getError().getMessage()).contains(part));
    assertThat(scheduler.closed()).isTrue();
    assertThat(mesos.master.frameworks()).isEmpty();
  }

  private void assertRemoved() {
    var again = mesos.subscribe(Fixture.framework());
    assertThat(again.take())
        .extracting(event -> event.getError().getMessage())
        .containsExactly("Framework has been removed");
    assertThat(again.closed()).isTrue();
  }
}
