package peloton.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.placement.Fleet.cpus;
import static peloton.placement.Fleet.place;
import static peloton.placement.Fleet.placeOne;
import static peloton.placement.Fleet.pod;
import static peloton.placement.Fleet.shape;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PassTest {
  private static final Shape ONE_CPU = shape(pod(1));

  @Test
  void givesEachPodOfASmallBatchAnAgentOfItsOwn() {
    assertThat(place(Fleet.index(3, cpus(4)), "job", 3, ONE_CPU))
        .containsExactlyInAnyOrder("agent-0", "agent-1", "agent-2");
  }

  @Test
  void prefersAgentsWithFewPods() {
    AgentIndex index = Fleet.index(2, cpus(8));
    IntStream.range(0, 5).forEach(i -> index.placed("other", i, "agent-0", ONE_CPU));
    assertThat(place(index, "job", 2, ONE_CPU)).containsExactly("agent-1", "agent-0");
  }

  @Test
  void spreadsTheJobBeforeItLooksAtOtherPods() {
    AgentIndex index = Fleet.index(3, cpus(8));
    IntStream.range(0, 5).forEach(i -> index.placed("other", i, "agent-0", ONE_CPU));
    index.placed("job", 0, "agent-1", ONE_CPU);
    index.placed("job", 1, "agent-2", ONE_CPU);
    assertThat(placeOne(index, "job", 2, ONE_CPU)).contains("agent-0");
  }

  @Test
  void spreadsAJobEvenlyOverSeveralRounds() {
    AgentIndex index = Fleet.index(4, cpus(8));
    assertThat(perAgent(place(index, "job", 12, ONE_CPU)).values()).containsOnly(3L);
    index.gone("job", 0);
    index.gone("job", 4);
    assertThat(place(index, "again", 4, ONE_CPU)).doesNotHaveDuplicates();
  }

  @Test
  void neverGivesMoreThanThereIs() {
    List<String> agents = place(Fleet.index(3, cpus(2)), "job", 10, ONE_CPU);
    assertThat(Collections.frequency(agents, "-")).isEqualTo(4);
    assertThat(perAgent(agents)).containsEntry("agent-0", 2L).containsEntry("agent-1", 2L);
  }

  @Test
  void aPodThatFitsNowhereDoesNotHoldUpTheOthers() {
    AgentIndex index = Fleet.index(1, cpus(4));
    Pass pass = new Pass(index, 3);
    assertThat(pass.place("huge", 0, shape(pod(64)))).isEmpty();
    assertThat(pass.place("job", 0, ONE_CPU)).contains("agent-0");
    assertThat(pass.place("huge", 1, shape(pod(64)))).isEmpty();
  }

  @Test
  void findsRoomAgainOnceSomethingWasOffered() {
    AgentIndex index = Fleet.index(1, cpus(1));
    assertThat(place(index, "job", 2, ONE_CPU)).containsExactly("agent-0", "-");
    assertThat(placeOne(index, "job", 1, ONE_CPU)).isEmpty();
    Fleet.agent(index, 1, cpus(1));
    assertThat(placeOne(index, "job", 1, ONE_CPU)).contains("agent-1");
  }

  @Test
  void countsPortsDiskAndGpusToo() {
    assertThat(
            place(
                Fleet.index(1, new Capacity(8_000, 8_000_000, 0, 0, 1)),
                "job",
                2,
                shape(Fleet.withPort(1, "http", 0))))
        .containsExactly("agent-0", "-");
    Shape gpu = Shape.of(new Need(1_000, 1_000, 0, 1_000, 0));
    assertThat(place(Fleet.index(1, new Capacity(8_000, 8_000_000, 0, 1_000, 0)), "job", 2, gpu))
        .containsExactly("agent-0", "-");
    Shape disk = Shape.of(new Need(1_000, 1_000, 600, 0, 0));
    assertThat(place(Fleet.index(1, new Capacity(8_000, 8_000, 1_000, 0, 0)), "job", 2, disk))
        .containsExactly("agent-0", "-");
  }

  @Test
  void agentsWithGpusAreForThoseWhoAskForThem() {
    AgentIndex index = new AgentIndex(PlacementSettings.DEFAULT);
    Fleet.agent(index, 0, new Capacity(8_000, 8_000_000, 0, 1_000, 0));
    assertThat(placeOne(index, "job", 0, ONE_CPU)).isEmpty();
    // Its GPU is in use, and the offer does not speak of it.
    Fleet.agent(index, 0, new Capacity(8_000, 8_000_000, 0, 0, 0));
    assertThat(placeOne(index, "job", 0, ONE_CPU)).isEmpty();
  }

  @Test
  void onlyRevocablePodsUseWhatCanBeTakenBack() {
    Shape revocable = shape(pod(1).setRevocable(true));
    AgentIndex index = Fleet.index(1, new Capacity(1_000, 64_000_000, 0, 0, 0, 2_000));
    assertThat(place(index, "fixed", 2, ONE_CPU)).containsExactly("agent-0", "-");
    assertThat(place(index, "slack", 3, revocable)).containsExactly("agent-0", "agent-0", "-");
  }

  @Test
  void aLargeBatchLeavesAgentsAlone() {
    List<String> agents = place(Fleet.index(1_000, cpus(16)), "job", 1_000, ONE_CPU);
    assertThat(agents).doesNotContain("-");
    assertThat(agents.stream().distinct()).hasSize(250);
    assertThat(perAgent(agents).values()).containsOnly(4L);
  }

  @Test
  void aLargeBatchUsesMoreAgentsWhenThoseAreFull() {
    List<String> agents = place(Fleet.index(1_000, cpus(2)), "job", 1_000, ONE_CPU);
    assertThat(agents).doesNotContain("-");
    assertThat(perAgent(agents).values()).allMatch(count -> count <= 2);
  }

  @Test
  void aPodGoesHomeOrNowhere() {
    AgentIndex index = Fleet.index(2, cpus(1));
    Pass pass = new Pass(index, 3);
    assertThat(pass.placeHome("back", 0, ONE_CPU, "agent-1", true))
        .isEqualTo(Pass.Homecoming.PLACED);
    assertThat(pass.placeHome("lost", 0, ONE_CPU, "agent-9", true)).isEqualTo(Pass.Homecoming.KEPT);
    assertThat(pass.place("other", 0, ONE_CPU)).contains("agent-0");
  }

  @Test
  void aHomeWithoutRoomTakesNobodyElse() {
    AgentIndex index = Fleet.index(2, cpus(2));
    Pass pass = new Pass(index, 3);
    assertThat(pass.placeHome("large", 0, shape(pod(4)), "agent-0", true))
        .isEqualTo(Pass.Homecoming.KEPT);
    assertThat(pass.place("other", 0, ONE_CPU)).contains("agent-1");
    assertThat(pass.place("other", 1, ONE_CPU)).contains("agent-1");
    assertThat(pass.place("other", 2, ONE_CPU)).isEmpty();
    assertThat(pass.explain(ONE_CPU).summary()).contains("1 host: kept for a pod that comes back");
    // The next round begins without a grudge.
    assertThat(placeOne(index, "other", 2, ONE_CPU)).contains("agent-0");
  }

  @Test
  void whatAHomeHasLeftIsForOthers() {
    AgentIndex index = Fleet.index(1, cpus(2));
    Pass pass = new Pass(index, 3);
    assertThat(pass.placeHome("back", 0, ONE_CPU, "agent-0", true))
        .isEqualTo(Pass.Homecoming.PLACED);
    assertThat(pass.place("other", 0, ONE_CPU)).contains("agent-0");
    assertThat(pass.place("other", 1, ONE_CPU)).isEmpty();
  }

  @Test
  void doesNotInsistOnAHomeThatIsForbidden() {
    AgentIndex index = Fleet.index(2, cpus(2));
    Shape elsewhere = shape(pod(1), Fleet.onHost(Label.HOSTNAME, "host-0", Fleet.EQUAL, 0));
    Pass pass = new Pass(index, 1);
    assertThat(pass.placeHome("job", 0, elsewhere, "agent-0", true))
        .isEqualTo(Pass.Homecoming.NOT_ALLOWED);
    assertThat(pass.place("job", 0, elsewhere)).contains("agent-1");
  }

  @Test
  void packsAgentsThatRunPodsAlready() {
    AgentIndex index = Fleet.packing(4, cpus(4));
    index.placed("other", 0, "agent-2", ONE_CPU);
    assertThat(place(index, "job", 9, ONE_CPU))
        .containsExactly(
            "agent-2", "agent-2", "agent-2", "agent-2", "agent-0", "agent-0", "agent-0", "agent-0",
            "agent-1");
  }

  @Test
  void packsSmallPodsIntoTheGapsOfLargeOnes() {
    AgentIndex index = Fleet.packing(4, cpus(4));
    Pass pass = new Pass(index, 8);
    assertThat(pass.place("large", 0, shape(pod(3)))).contains("agent-0");
    assertThat(pass.place("large", 1, shape(pod(3)))).contains("agent-1");
    assertThat(pass.place("small", 0, ONE_CPU)).contains("agent-0");
    assertThat(pass.place("large", 2, shape(pod(3)))).contains("agent-2");
    assertThat(pass.place("small", 1, ONE_CPU)).contains("agent-1");
    assertThat(pass.place("small", 2, ONE_CPU)).contains("agent-2");
  }

  @Test
  void aCopyGoesItsOwnWay() {
    AgentIndex index = Fleet.index(2, cpus(1));
    AgentIndex copy = index.copy();
    assertThat(place(copy, "job", 3, ONE_CPU)).containsExactly("agent-0", "agent-1", "-");
    assertThat(place(index, "job", 3, ONE_CPU)).containsExactly("agent-0", "agent-1", "-");
  }

  @Test
  void supposesThatAgentsHaveWhatTheyHadLessWhatRunsThere() {
    AgentIndex index = Fleet.index(2, cpus(2));
    assertThat(place(index, "job", 1, ONE_CPU)).containsExactly("agent-0");
    index.withdrawnAll();
    assertThat(placeOne(index, "next", 0, ONE_CPU)).isEmpty();
    AgentIndex supposed = index.copy();
    supposed.offerAllKnown();
    assertThat(place(supposed, "next", 4, ONE_CPU))
        .containsExactlyInAnyOrder("agent-0", "agent-1", "agent-1", "-");
  }

  @Test
  void forgetsAgentsThatNeitherOfferNorRunAnything() {
    AgentIndex index = Fleet.index(3, cpus(2));
    index.withdrawn("agent-0");
    index.withdrawn("agent-1");
    index.placed("job", 0, "agent-1", ONE_CPU);
    index.sweep();
    assertThat(index.size()).isEqualTo(3);
    index.sweep();
    assertThat(index.size()).isEqualTo(2);
    Fleet.agent(index, 7, cpus(2));
    assertThat(place(index, "next", 5, ONE_CPU)).contains("agent-7", "agent-2", "-");
    assertThat(index.size()).isEqualTo(3);
  }

  private static Map<String, Long> perAgent(List<String> agents) {
    return agents.stream()
        .filter(agent -> !agent.equals("-"))
        .collect(Collectors.groupingBy(agent -> agent, Collectors.counting()));
  }
}
