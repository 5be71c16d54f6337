package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;
import peloton.mesos.local.resources.Resources;

class OffersTest {

  private final Fixture mesos = new Fixture();

  @Test
  void allThatIsFreeIsOfferedAtOnceAfterTheSubscription() {
    var first = mesos.addAgent();
    var second = mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offers = scheduler.takeOffers();
    assertThat(offers)
        .extracting(offer -> offer.getAgentId().getValue())
        .containsExactlyInAnyOrder(first, second);
    assertThat(offers)
        .allSatisfy(
            offer -> {
              assertThat(Resources.of(offer.getResourcesList(), "*")).isEqualTo(Fixture.EACH);
              assertThat(offer.getUrl().getAddress().getPort()).isEqualTo(5051);
              assertThat(offer.hasAllocationInfo()).isFalse();
            });
    mesos.loop.advance(Duration.ofSeconds(10));
    assertThat(scheduler.takeOffers()).isEmpty();
  }

  @Test
  void whatBecomesFreeWhileAnOfferIsOutComesAsASecondOffer() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.running(offer, Fixture.task(offer, "t"));
    mesos.call(Call.Type.REVIVE);
    var rest = scheduler.takeOffer();
    mesos.kill("t");
    mesos.acknowledged(TaskState.TASK_KILLED);
    assertThat(scheduler.takeOffers()).isEmpty();
    mesos.loop.advance(Fixture.ALLOCATION);
    var fragment = scheduler.takeOffer();
    assertThat(resources(fragment))
        .isEqualTo(Resources.scalar("cpus", 1).plus(Resources.scalar("mem", 128)));
    assertThat(resources(rest).plus(resources(fragment))).isEqualTo(Fixture.EACH);
    mesos.launch(
        List.of(rest, fragment),
        Fixture.task(rest, "all").clearResources().addResources(Fixture.scalar("cpus", 4)));
    scheduler.takeUpdate(TaskState.TASK_STARTING);
  }

  @Test
  void aRefusalHoldsTheSameOfferBackForItsTime() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    mesos.decline(scheduler.takeOffer(), 30);
    mesos.loop.advance(Duration.ofSeconds(29));
    assertThat(scheduler.takeOffers()).isEmpty();
    mesos.loop.advance(Duration.ofSeconds(2));
    assertThat(scheduler.takeOffers()).hasSize(1);
  }

  @Test
  void aRefusalWithoutTimeIsOverAfterFiveSecondsAndOneOfZeroHoldsNothingBack() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.call(
        Call.newBuilder()
            .setType(Call.Type.DECLINE)
            .setDecline(Call.Decline.newBuilder().addOfferIds(offer.getId())));
    mesos.loop.advance(Duration.ofSeconds(4));
    assertThat(scheduler.takeOffers()).isEmpty();
    mesos.loop.advance(Duration.ofSeconds(2));
    mesos.decline(scheduler.takeOffer(), 0);
    mesos.loop.advance(Fixture.ALLOCATION);
    assertThat(scheduler.takeOffers()).hasSize(1);
  }

  @Test
  void moreThanWhatWasRefusedIsOfferedBeforeTheTimeIsOver() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    var offer = scheduler.takeOffer();
    mesos.launch(offer, Fixture.task(offer, "t"));
    mesos.acknowledged(TaskState.TASK_STARTING);
    mesos.acknowledged(TaskState.TASK_RUNNING);
    mesos.loop.advance(Duration.ofSeconds(2));
    assertThat(scheduler.takeOffers()).isEmpty();
    mesos.kill("t");
    mesos.loop.advance(Fixture.ALLOCATION);
    assertThat(resources(scheduler.takeOffer())).isEqualTo(Fixture.EACH);
  }

  @Test
  void reviveBringsRefusedOffersBackAndSuppressStopsThem() {
    mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework());
    mesos.decline(scheduler.takeOffer(), 3600);
    mesos.call(Call.Type.REVIVE);
    mesos.decline(scheduler.takeOffer(), 0);
    mesos.call(Call.Type.SUPPRESS);
    mesos.loop.advance(Duration.ofHours(1));
    assertThat(scheduler.takeOffers()).isEmpty();
    mesos.call(Call.Type.REVIVE);
    assertThat(scheduler.takeOffers()).hasSize(1);
  }

  @Test
  void rolesThatAreSuppressedInTheSubscriptionGetNoOffers() {
    mesos.addAgent();
    var info = Fixture.framework(Capability.Type.MULTI_ROLE).addRoles("a").addRoles("b");
    var scheduler = mesos.subscribe(info, List.of("a"));
    var offer = scheduler.takeOffer();
    assertThat(offer.getAllocationInfo().getRole()).isEqualTo("b");
    assertThat(offer.getResourcesList())
        .isNotEmpty()
        .allMatch(resource -> resource.getAllocationInfo().getRole().equals("b"));
    mesos.decline(offer, 3600);
    mesos.call(
        Call.newBuilder()
            .setType(Call.Type.REVIVE)
            .setRevive(Call.Revive.newBuilder().addRoles("a")));
    assertThat(scheduler.takeOffer().getAllocationInfo().getRole()).isEqualTo("a");
  }

  @Test
  void twoFrameworksShareTheAgents() {
    for (int i = 0; i < 4; i++) {
      mesos.addAgent();
    }
    var first = mesos.subscribe(Fixture.framework());
    first.takeOffers().forEach(offer -> mesos.decline(offer, 0));
    var second = mesos.subscribeOther(Fixture.framework().setName("other"), List.of());
    mesos.loop.advance(Fixture.ALLOCATION);
    assertThat(first.takeOffers().size() + second.takeOffers().size()).isEqualTo(4);
    assertThat(mesos.master.frameworks())
        .extracting(FrameworkSnapshot::offers)
        .allMatch(count -> count > 0);
  }

  @Test
  void agentsWithGpusAreOnlyForFrameworksThatKnowGpus() {
    mesos.addAgent(Fixture.EACH.plus(Resources.scalar("gpus", 1)));
    assertThat(mesos.subscribe(Fixture.framework()).takeOffers()).isEmpty();
    assertThat(mesos.subscribe(Fixture.framework(Capability.Type.GPU_RESOURCES)).takeOffers())
        .hasSize(1);
  }

  @Test
  void crumbsAreNotOffered() {
    mesos.addAgent(Resources.scalar("cpus", 0.009).plus(Resources.scalar("mem", 31)));
    assertThat(mesos.subscribe(Fixture.framework()).takeOffers()).isEmpty();
  }

  @Test
  void theOffersOfALostAgentAreRescindedAndThoseOfAReturnedOneComeBack() {
    var agent = mesos.addAgent();
    var scheduler = mesos.subscribe(Fixture.framework(Capability.Type.PARTITION_AWARE));
    var offer = scheduler.takeOffer();
    mesos.master.loseAgent(agent);
    assertThat(scheduler.take(Event.Type.RESCIND))
        .extracting(event -> event.getRescind().getOfferId())
        .containsExactly(offer.getId());
    mesos.launch(offer, Fixture.task(offer, "late"));
    scheduler.takeUpdate(TaskState.TASK_DROPPED);
    mesos.loop.advance(Duration.ofSeconds(5));
    assertThat(scheduler.takeOffers()).isEmpty();
    mesos.master.returnAgent(agent);
    assertThat(scheduler.takeOffers()).hasSize(1);
  }

  @Test
  void offersAreVoidAfterADisconnection() {
    mesos.addAgent();
    var offer = mesos.subscribe(Fixture.framework()).takeOffer();
    mesos.disconnect();
    var scheduler = mesos.subscribe(Fixture.framework());
    assertThat(scheduler.takeOffer().getId()).isNotEqualTo(offer.getId());
    mesos.launch(offer, Fixture.task(offer, "late"));
    scheduler.takeUpdate(TaskState.TASK_LOST);
  }

  private static Resources resources(Offer offer) {
    return Resources.of(offer.getResourcesList(), "*");
  }
}
