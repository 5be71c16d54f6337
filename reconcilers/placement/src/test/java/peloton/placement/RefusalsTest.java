package peloton.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.placement.Fleet.EQUAL;
import static peloton.placement.Fleet.GREATER;
import static peloton.placement.Fleet.amongPods;
import static peloton.placement.Fleet.cpus;
import static peloton.placement.Fleet.labelled;
import static peloton.placement.Fleet.onHost;
import static peloton.placement.Fleet.place;
import static peloton.placement.Fleet.pod;
import static peloton.placement.Fleet.shape;

import org.junit.jupiter.api.Test;

class RefusalsTest {
  @Test
  void countsEachHostUnderTheFirstTestThatItFails() {
    AgentIndex index = new AgentIndex(PlacementSettings.DEFAULT);
    Label zone = new Label("zone", "a");
    Fleet.agent(index, 0, cpus(1), zone);
    Fleet.agent(index, 1, cpus(4), zone);
    Fleet.agent(index, 2, cpus(4), zone);
    Fleet.agent(index, 3, cpus(4));
    Fleet.agent(index, 4, cpus(4));
    Fleet.agent(index, 5, new Capacity(4_000, 64_000_000, 0, 1_000, 0), zone);
    Fleet.agent(index, 6, cpus(4), zone, new Label(Label.EXCLUSIVE, "x"));
    Shape shape = shape(pod(2), onHost("zone", "a", GREATER, 0));
    assertThat(place(index, "job", 4, shape))
        .containsExactly("agent-1", "agent-2", "agent-1", "agent-2");
    Refusals refusals = explain(index, shape);
    assertThat(refusals.hosts()).isEqualTo(7);
    assertThat(refusals.refusals())
        .containsExactlyInAnyOrder(
            new Refusals.Refusal("constraint: host label zone=a", 2),
            new Refusals.Refusal("not enough CPU", 2),
            new Refusals.Refusal("too small: CPU", 1),
            new Refusals.Refusal("has GPUs, kept for who asks for them", 1),
            new Refusals.Refusal("exclusive to pods that name peloton/exclusive", 1));
    assertThat(refusals.never()).isFalse();
    assertThat(refusals.remedy()).isEqualTo("host host-1 would do with 2 CPU more");
    assertThat(refusals.summary()).startsWith("2 hosts: ").contains("1 host: too small: CPU");
  }

  @Test
  void namesTheNearestMissInAllThatIsShort() {
    AgentIndex index = new AgentIndex(PlacementSettings.DEFAULT);
    Fleet.agent(index, 0, new Capacity(4_000, 4_000_000, 0, 0, 0));
    Fleet.agent(index, 1, new Capacity(4_000, 4_000_000, 0, 0, 0));
    index.placed("x", 0, "agent-0", Shape.of(new Need(3_500, 3_000_000, 0, 0, 0)));
    index.placed("y", 0, "agent-1", Shape.of(new Need(3_000, 2_100_000, 0, 0, 0)));
    Fleet.agent(index, 0, new Capacity(500, 1_000_000, 0, 0, 0));
    Fleet.agent(index, 1, new Capacity(1_000, 1_900_000, 0, 0, 0));
    Refusals refusals = explain(index, Shape.of(new Need(1_500, 2_000_000, 0, 0, 0)));
    assertThat(refusals.remedy())
        .isEqualTo("host host-1 would do with 0.5 CPU and 100 MB of memory more");
  }

  @Test
  void saysThatARequestIsLargerThanAnyHost() {
    Refusals refusals = explain(Fleet.index(3, cpus(16)), shape(pod(64)));
    assertThat(refusals.never()).isTrue();
    assertThat(refusals.summary()).isEqualTo("3 hosts: too small: CPU");
    assertThat(refusals.remedy())
        .isEqualTo("it asks for 64 CPU, and no host that it may use has more than 16 CPU");
  }

  @Test
  void saysThatNoHostMeetsAConstraint() {
    Refusals refusals =
        explain(Fleet.index(3, cpus(16)), shape(pod(1), onHost("rack", "z9", EQUAL, 1)));
    assertThat(refusals.never()).isTrue();
    assertThat(refusals.remedy())
        .isEqualTo("no known host meets the constraint: host label rack=z9");
  }

  @Test
  void tellsWhatIsTakenFromWhatIsTooSmall() {
    AgentIndex index = Fleet.index(1, cpus(16));
    index.placed("other", 0, "agent-0", shape(pod(16)));
    Fleet.agent(index, 0, cpus(0));
    Refusals refusals = explain(index, shape(pod(16)));
    assertThat(refusals.never()).isFalse();
    assertThat(refusals.remedy()).isEqualTo("host host-0 would do with 16 CPU more");
  }

  @Test
  void namesThePodsThatAreInTheWay() {
    AgentIndex index = Fleet.index(1, cpus(16));
    Shape alone = shape(labelled(1, "app", "web"), amongPods("app", "web", EQUAL, 0));
    assertThat(place(index, "job", 2, alone)).containsExactly("agent-0", "-");
    Refusals refusals = explain(index, alone);
    assertThat(refusals.summary())
        .isEqualTo("1 host: constraint: no pods with label app=web on the host");
    assertThat(refusals.remedy())
        .isEqualTo(
            "host host-0 would do if this held there: no pods with label app=web on the host");
    Shape port = shape(Fleet.withPort(1, "http", 8080));
    assertThat(place(index, "port", 2, port)).containsExactly("agent-0", "-");
    assertThat(explain(index, port).summary()).isEqualTo("1 host: port 8080 is taken");
  }

  @Test
  void saysThatNothingIsOffered() {
    AgentIndex index = Fleet.index(2, cpus(16));
    index.withdrawnAll();
    Refusals refusals = explain(index, shape(pod(1)));
    assertThat(refusals.summary()).isEqualTo("2 hosts: no offer now");
    assertThat(refusals.remedy()).isEqualTo("host host-0 may do once Mesos offers it");
    assertThat(explain(new AgentIndex(PlacementSettings.DEFAULT), shape(pod(1))).summary())
        .isEqualTo("no host is known: none has made an offer yet");
  }

  private static Refusals explain(AgentIndex index, Shape shape) {
    return new Pass(index, 1).explain(shape);
  }
}
