package peloton.mesos.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peloton.mesos.local.http.Access;

/** What fate does to a local Mesos on request, in the JVM and from outside. */
class FaultsTest {

  @TempDir Path workDir;
  private LocalMesos mesos;
  private TestScheduler scheduler;

  @BeforeEach
  void start() throws Exception {
    mesos =
        LocalMesos.start(
            LocalMesosSettings.simulated(workDir, 1)
                .withAllocationInterval(Duration.ofMillis(20))
                .withResendInterval(Duration.ofMillis(100))
                .withAccess(new Access(Optional.empty(), Optional.empty(), true)));
    scheduler = subscribe(mesos.port());
  }

  @AfterEach
  void stop() throws Exception {
    scheduler.close();
    mesos.close();
  }

  @Test
  void aStreamIsCutInTheMiddleOfItsNextRecord() throws Exception {
    var offer = scheduler.expectOffer();
    mesos.cutStreamsInRecord();
    assertThat(scheduler.ended()).isFalse();
    scheduler.launch(offer, TestScheduler.task(offer, "t", "true").build());
    await(scheduler::ended);
    scheduler.expectNothingOf(Event.Type.UPDATE);
    await(() -> !mesos.frameworks().get(0).connected());
  }

  @Test
  void anAcknowledgementThatIsLostBringsTheUpdateAgain() throws Exception {
    var offer = scheduler.expectOffer();
    mesos.loseAcknowledgements(1);
    scheduler.launch(offer, TestScheduler.task(offer, "t", "true").build());
    var first = scheduler.expectState("t", TaskState.TASK_STARTING);
    var again = scheduler.expectState("t", TaskState.TASK_STARTING);
    assertThat(again).isEqualTo(first);
    scheduler.expectState("t", TaskState.TASK_RUNNING);
  }

  @Test
  void anotherMasterTakesOverAtAnotherAddress() throws Exception {
    int second = mesos.addMaster();
    try (var http = new RawHttp(second)) {
      assertThat(location(http)).isEqualTo("//127.0.0.1:" + mesos.port() + "/api/v1/scheduler");
    }
    scheduler.expectOffer();
    mesos.lead(second);
    await(scheduler::ended);
    try (var http = new RawHttp(mesos.port())) {
      assertThat(location(http)).isEqualTo("//127.0.0.1:" + second + "/api/v1/scheduler");
    }
    var info =
        TestScheduler.framework(Capability.Type.PARTITION_AWARE).setId(scheduler.id()).build();
    try (var again = new TestScheduler(second, info)) {
      var subscribed = again.readSubscribed();
      assertThat(subscribed.getMasterInfo().getPort()).isEqualTo(second);
      assertThat(again.frameworkId()).isEqualTo(scheduler.frameworkId());
      again.expectOffer();
    }
  }

  @Test
  void anAgentThatIsSoonBackLosesNothingAndTellsNothing() throws Exception {
    var offer = scheduler.expectOffer();
    scheduler.launch(offer, TestScheduler.task(offer, "t", "true").build());
    scheduler.expectState("t", TaskState.TASK_STARTING);
    scheduler.expectState("t", TaskState.TASK_RUNNING);
    String agent = offer.getAgentId().getValue();
    assertThat(mesos.restartAgent(agent, Duration.ofMillis(50))).isTrue();
    assertThat(mesos.agents().get(0).active()).isFalse();
    await(() -> mesos.agents().get(0).active());
    assertThat(mesos.tasks()).extracting("state").containsExactly(TaskState.TASK_RUNNING);
    scheduler.expectNothingOf(Event.Type.UPDATE);
    assertThat(mesos.restartAgent("nobody", Duration.ZERO)).isFalse();
  }

  @Test
  void anAgentThatIsGoneIsReplacedByAnotherOnItsMachine() throws Exception {
    String gone = scheduler.expectOffer().getAgentId().getValue();
    assertThatThrownBy(() -> mesos.replaceAgent(gone)).hasMessageContaining("not an agent that");
    mesos.markAgentGone(gone);
    String next = mesos.replaceAgent(gone);
    assertThat(next).isNotEqualTo(gone);
    var offer = scheduler.expectOffer();
    assertThat(offer.getAgentId().getValue()).isEqualTo(next);
    assertThat(offer.getHostname()).isEqualTo("agent-0.local");
    assertThatThrownBy(() -> mesos.replaceAgent(gone)).hasMessageContaining("replaced already");
  }

  @Test
  void testsOfProcessesOrderTheSameOverHttp() throws Exception {
    var offer = scheduler.expectOffer();
    scheduler.launch(offer, TestScheduler.task(offer, "t", "true").build());
    scheduler.expectState("t", TaskState.TASK_STARTING);
    scheduler.expectState("t", TaskState.TASK_RUNNING);
    try (var http = new RawHttp(mesos.port())) {
      assertThat(order(http, "lose-agent&agent=agent-0.local")).isEqualTo("200 true");
      assertThat(mesos.agents().get(0).active()).isFalse();
      assertThat(order(http, "return-agent&agent=agent-0.local")).isEqualTo("200 true");
      assertThat(order(http, "tasks")).startsWith("200 ").contains("TASK_RUNNING");
      assertThat(order(http, "lose-acknowledgements&count=x"))
          .isEqualTo("400 count: 'x' is no number");
      assertThat(order(http, "lose-agent")).isEqualTo("400 agent: must be given");
      assertThat(order(http, "lose-agent&agent=x")).isEqualTo("400 agent: there is no 'x'");
      assertThat(order(http, "replace-agent&agent=agent-0.local")).startsWith("400 ");
      assertThat(order(http, "dance")).startsWith("400 do: 'dance' is none of lose-agent, ");
      assertThat(http.call("GET", "/local/control?do=tasks", Map.of(), new byte[0]).status())
          .isEqualTo(405);
    }
    try (var http = new RawHttp(mesos.port())) {
      assertThat(order(http, "no-leader")).isEqualTo("200 done");
      assertThat(http.call("POST", "/api/v1", Map.of(), new byte[0]).status()).isEqualTo(503);
      assertThat(order(http, "leader")).isEqualTo("200 done");
    }
  }

  private static String order(RawHttp http, String what) throws Exception {
    var response = http.call("POST", "/local/control?do=" + what, Map.of(), new byte[0]);
    return response.status() + " " + response.text();
  }

  private static String location(RawHttp http) throws Exception {
    var response = http.call("POST", "/api/v1/scheduler", TestScheduler.PROTOBUF, new byte[0]);
    assertThat(response.status()).isEqualTo(307);
    return response.headers().get("location");
  }

  private static TestScheduler subscribe(int port) throws Exception {
    return TestScheduler.subscribed(
        port, TestScheduler.framework(Capability.Type.PARTITION_AWARE).build());
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("in time").isNegative();
      Thread.onSpinWait();
    }
  }
}
