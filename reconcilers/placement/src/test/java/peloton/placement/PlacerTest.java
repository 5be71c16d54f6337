package peloton.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacerTest {
  private static final Need ONE_CPU = new Need(1_000, 100, 0, 0, 0);

  @Test
  void givesEachPodOfASmallBatchAnAgentOfItsOwn() {
    assertThat(place(agents(3, 4_000), requests(3, ONE_CPU)))
        .extracting(Placer.Assignment::agentId)
        .containsExactlyInAnyOrder("agent-0", "agent-1", "agent-2");
  }

  @Test
  void prefersAgentsWithFewPods() {
    List<Placer.Agent> agents =
        List.of(
            new Placer.Agent("busy", 8_000, 1_000, 0, 0, 0, 5),
            new Placer.Agent("idle", 4_000, 1_000, 0, 0, 0, 0));
    assertThat(place(agents, requests(2, ONE_CPU)))
        .extracting(Placer.Assignment::agentId)
        .containsOnly("idle", "busy")
        .startsWith("idle");
  }

  @Test
  void neverGivesMoreThanThereIs() {
    List<Placer.Assignment<String>> assignments = place(agents(3, 2_000), requests(10, ONE_CPU));
    assertThat(assignments).hasSize(6);
    Map<String, Long> perAgent =
        assignments.stream()
            .collect(Collectors.groupingBy(Placer.Assignment::agentId, Collectors.counting()));
    assertThat(perAgent.values()).containsOnly(2L);
  }

  @Test
  void aPodThatFitsNowhereDoesNotHoldUpTheOthers() {
    List<Placer.Request<String>> requests = new ArrayList<>();
    requests.add(new Placer.Request<>("huge", new Need(64_000, 100, 0, 0, 0)));
    requests.addAll(requests(2, ONE_CPU));
    assertThat(place(agents(1, 4_000), requests))
        .extracting(Placer.Assignment::pod)
        .containsExactly("pod-0", "pod-1");
  }

  @Test
  void countsPortsAndGpusToo() {
    List<Placer.Agent> agents = List.of(new Placer.Agent("a", 8_000, 8_000, 0, 1_000, 1, 0));
    assertThat(place(agents, requests(2, new Need(1_000, 100, 0, 0, 1)))).hasSize(1);
    assertThat(place(agents, requests(2, new Need(1_000, 100, 0, 1_000, 0)))).hasSize(1);
  }

  @Test
  void aLargeBatchLeavesAgentsAlone() {
    List<Placer.Assignment<String>> assignments =
        place(agents(1_000, 16_000), requests(1_000, ONE_CPU));
    assertThat(assignments).hasSize(1_000);
    assertThat(assignments.stream().map(Placer.Assignment::agentId).distinct()).hasSize(250);
  }

  @Test
  void aPodGoesHomeOrNowhere() {
    List<Placer.Request<String>> requests =
        List.of(
            new Placer.Request<>("other", ONE_CPU),
            new Placer.Request<>("back", ONE_CPU, "agent-1"),
            new Placer.Request<>("lost", ONE_CPU, "agent-9"));
    assertThat(place(agents(2, 1_000), requests))
        .containsExactly(
            new Placer.Assignment<>("back", "agent-1"),
            new Placer.Assignment<>("other", "agent-0"));
  }

  @Test
  void aHomeWithoutRoomTakesNobodyElse() {
    List<Placer.Request<String>> requests =
        List.of(
            new Placer.Request<>("large", new Need(4_000, 100, 0, 0, 0), "agent-0"),
            new Placer.Request<>("other", ONE_CPU));
    assertThat(place(agents(2, 2_000), requests))
        .containsExactly(new Placer.Assignment<>("other", "agent-1"));
    assertThat(place(agents(1, 2_000), requests)).isEmpty();
  }

  @Test
  void whatAHomeHasLeftIsForOthers() {
    List<Placer.Request<String>> requests =
        List.of(
            new Placer.Request<>("back", ONE_CPU, "agent-0"),
            new Placer.Request<>("other", ONE_CPU),
            new Placer.Request<>("third", ONE_CPU));
    assertThat(place(agents(1, 2_000), requests))
        .extracting(Placer.Assignment::pod)
        .containsExactly("back", "other");
  }

  @Test
  void isDeterministic() {
    assertThat(place(agents(50, 3_000), requests(120, ONE_CPU)))
        .isEqualTo(place(agents(50, 3_000), requests(120, ONE_CPU)));
  }

  private static List<Placer.Assignment<String>> place(
      List<Placer.Agent> agents, List<Placer.Request<String>> requests) {
    return Placer.place(agents, requests);
  }

  private static List<Placer.Agent> agents(int count, long cpus) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Placer.Agent("agent-" + i, cpus, 100_000, 0, 0, 0, 0))
        .toList();
  }

  private static List<Placer.Request<String>> requests(int count, Need need) {
    return IntStream.range(0, count).mapToObj(i -> new Placer.Request<>("pod-" + i, need)).toList();
  }
}
