package peloton.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.placement.Fleet.EQUAL;
import static peloton.placement.Fleet.GREATER;
import static peloton.placement.Fleet.LESS;
import static peloton.placement.Fleet.all;
import static peloton.placement.Fleet.amongPods;
import static peloton.placement.Fleet.any;
import static peloton.placement.Fleet.cpus;
import static peloton.placement.Fleet.labelled;
import static peloton.placement.Fleet.onHost;
import static peloton.placement.Fleet.place;
import static peloton.placement.Fleet.placeOne;
import static peloton.placement.Fleet.pod;
import static peloton.placement.Fleet.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.pod.Pod.Constraint;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.LabelConstraint;
import peloton.api.v1alpha.pod.Pod.PodSpec;

class ConstraintTest {
  private static final Label ZONE_A = new Label("zone", "a");
  private static final Label ZONE_B = new Label("zone", "b");
  private static final Label SSD = new Label("disk", "ssd");
  private static final Label HDD = new Label("disk", "hdd");

  /** host-0: zone a, ssd; host-1: zone b, ssd and hdd; host-2: zone a twice; host-3: nothing. */
  private static AgentIndex hosts() {
    AgentIndex index = new AgentIndex(PlacementSettings.DEFAULT);
    Fleet.agent(index, 0, cpus(100), ZONE_A, SSD);
    Fleet.agent(index, 1, cpus(100), ZONE_B, SSD, HDD);
    Fleet.agent(index, 2, cpus(100), ZONE_A, ZONE_A);
    Fleet.agent(index, 3, cpus(100));
    return index;
  }

  static Stream<Arguments> hostConstraints() {
    return Stream.of(
        Arguments.of(onHost("zone", "a", GREATER, 0), "0 2"),
        Arguments.of(onHost("zone", "a", EQUAL, 1), "0"),
        Arguments.of(onHost("zone", "a", EQUAL, 2), "2"),
        Arguments.of(onHost("zone", "a", GREATER, 1), "2"),
        Arguments.of(onHost("zone", "a", LESS, 2), "0 1 3"),
        Arguments.of(onHost("zone", "a", LESS, 1), "1 3"),
        Arguments.of(onHost("zone", "a", EQUAL, 0), "1 3"),
        Arguments.of(onHost("zone", "a", LESS, 0), ""),
        Arguments.of(onHost("zone", "c", GREATER, 0), ""),
        Arguments.of(onHost("zone", "a", LESS, -1), "0 1 2 3"),
        Arguments.of(onHost("hostname", "host-3", EQUAL, 1), "3"),
        Arguments.of(onHost("hostname", "host-3", EQUAL, 0), "0 1 2"),
        Arguments.of(all(onHost("zone", "a", GREATER, 0), onHost("disk", "ssd", GREATER, 0)), "0"),
        Arguments.of(
            any(onHost("zone", "b", GREATER, 0), onHost("hostname", "host-3", GREATER, 0)), "1 3"),
        Arguments.of(
            all(
                onHost("disk", "ssd", GREATER, 0),
                any(onHost("zone", "a", GREATER, 0), onHost("disk", "hdd", GREATER, 0))),
            "0 1"),
        Arguments.of(all(), "0 1 2 3"),
        Arguments.of(any(), ""),
        Arguments.of(Constraint.getDefaultInstance(), ""),
        Arguments.of(
            Fleet.count(
                LabelConstraint.Kind.LABEL_CONSTRAINT_KIND_INVALID, "zone", "a", GREATER, 0),
            ""),
        Arguments.of(
            any(
                onHost("zone", "b", GREATER, 0),
                onHost(
                    "zone", "a", LabelConstraint.Condition.LABEL_CONSTRAINT_CONDITION_INVALID, 0)),
            "1"));
  }

  @ParameterizedTest
  @MethodSource("hostConstraints")
  void aConstraintOnTheHostAllowsTheseHosts(Constraint constraint, String allowed) {
    Shape shape = shape(pod(1), constraint);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      AgentIndex index = hosts();
      for (int other = 0; other < 4; other++) {
        if (other != i) {
          index.withdrawn("agent-" + other);
        }
      }
      placeOne(index, "job", 0, shape).ifPresent(agent -> found.add(agent.substring(6)));
    }
    assertThat(String.join(" ", found)).isEqualTo(allowed);
  }

  @Test
  void limitsThePodsOfAKindOnEachHost() {
    Shape shape = shape(labelled(1, "app", "web"), amongPods("app", "web", LESS, 2));
    assertThat(place(Fleet.index(3, cpus(100)), "job", 8, shape))
        .containsExactly(
            "agent-0", "agent-1", "agent-2", "agent-0", "agent-1", "agent-2", "-", "-");
  }

  @Test
  void countsPodsOfAllJobsAndThoseThatWereThereBefore() {
    AgentIndex index = Fleet.index(3, cpus(100));
    Shape web = shape(labelled(1, "app", "web"));
    index.placed("old", 0, "agent-0", web);
    Shape alone = shape(labelled(1, "app", "web"), amongPods("app", "web", EQUAL, 0));
    assertThat(place(index, "job", 3, alone)).containsExactly("agent-1", "agent-2", "-");
    index.gone("old", 0);
    assertThat(placeOne(index, "job", 2, alone)).contains("agent-0");
  }

  @Test
  void theSameKeyWithAnotherValueDoesNotCount() {
    AgentIndex index = Fleet.index(1, cpus(100));
    index.placed("old", 0, "agent-0", shape(labelled(1, "app", "db")));
    Shape web = shape(labelled(1, "app", "web"), amongPods("app", "web", EQUAL, 0));
    assertThat(placeOne(index, "job", 0, web)).contains("agent-0");
  }

  @Test
  void followsThePodsThatItWantsToBeNear() {
    AgentIndex index = Fleet.index(3, cpus(100));
    Shape near = shape(pod(1), amongPods("app", "cache", GREATER, 0));
    Pass pass = new Pass(index, 4);
    assertThat(pass.place("near", 0, near)).isEmpty();
    // Within the same round a place comes to be.
    assertThat(pass.place("cache", 0, shape(labelled(1, "app", "cache")))).contains("agent-0");
    assertThat(pass.place("near", 0, near)).contains("agent-0");
    assertThat(pass.place("near", 1, near)).contains("agent-0");
  }

  @Test
  void anOrOverBothKindsIsAnOr() {
    AgentIndex index = hosts();
    index.placed("cache", 0, "agent-3", shape(labelled(1, "app", "cache")));
    Shape either =
        shape(pod(1), any(onHost("zone", "b", GREATER, 0), amongPods("app", "cache", GREATER, 0)));
    assertThat(place(index, "job", 2, either)).containsExactlyInAnyOrder("agent-1", "agent-3");
  }

  @Test
  void exclusiveHostsAreForThoseWhoNameThem() {
    AgentIndex index = new AgentIndex(PlacementSettings.DEFAULT);
    Fleet.agent(index, 0, cpus(100), new Label(Label.EXCLUSIVE, "search"));
    Fleet.agent(index, 1, cpus(1));
    assertThat(place(index, "job", 2, shape(pod(1)))).containsExactly("agent-1", "-");
    assertThat(
            placeOne(
                index, "search", 0, shape(pod(1), onHost(Label.EXCLUSIVE, "search", GREATER, 0))))
        .contains("agent-0");
    assertThat(
            placeOne(index, "maps", 0, shape(pod(1), onHost(Label.EXCLUSIVE, "maps", GREATER, 0))))
        .isEmpty();
  }

  @Test
  void aHostPoolTakesThePodsThatNameNone() {
    AgentIndex index =
        new AgentIndex(new PlacementSettings(PlacementSettings.Strategy.SPREAD, "stateless"));
    Fleet.agent(index, 0, cpus(100), new Label(Label.HOST_POOL, "shared"));
    Fleet.agent(index, 1, cpus(100));
    Fleet.agent(index, 2, cpus(1), new Label(Label.HOST_POOL, "stateless"));
    assertThat(place(index, "job", 2, shape(pod(1)))).containsExactly("agent-2", "-");
    assertThat(
            placeOne(index, "batch", 0, shape(pod(1), onHost(Label.HOST_POOL, "shared", EQUAL, 1))))
        .contains("agent-0");
  }

  @Test
  void attributesThatChangeAreCountedAnew() {
    AgentIndex index = hosts();
    Shape zoneC = shape(pod(1), onHost("zone", "c", GREATER, 0));
    assertThat(placeOne(index, "job", 0, zoneC)).isEmpty();
    Fleet.agent(index, 3, cpus(100), new Label("zone", "c"));
    assertThat(placeOne(index, "job", 0, zoneC)).contains("agent-3");
    Fleet.agent(index, 3, cpus(100));
    assertThat(placeOne(index, "job", 1, zoneC)).isEmpty();
  }

  @Test
  void aFixedPortIsUsedOnceOnAHost() {
    Shape web = shape(Fleet.withPort(1, "http", 8080));
    AgentIndex index = Fleet.index(2, cpus(100));
    assertThat(place(index, "job", 3, web)).containsExactly("agent-0", "agent-1", "-");
    assertThat(placeOne(index, "other", 0, shape(Fleet.withPort(1, "http", 8081)))).isPresent();
  }

  @Test
  void aFixedPortBehindABridgeIsNotTheHosts() {
    PodSpec.Builder bridged = Fleet.withPort(1, "http", 8080);
    ContainerSpec.Builder container = bridged.getContainersBuilder(0);
    container
        .getContainerBuilder()
        .setType(org.apache.mesos.v1.Protos.ContainerInfo.Type.DOCKER)
        .getDockerBuilder()
        .setImage("web")
        .setNetwork(org.apache.mesos.v1.Protos.ContainerInfo.DockerInfo.Network.BRIDGE);
    assertThat(place(Fleet.index(1, cpus(100)), "job", 2, shape(bridged)))
        .containsExactly("agent-0", "agent-0");
  }

  @Test
  void shapesAreEqualWhenPlacementCannotTellThemApart() {
    PodSpec.Builder pod = labelled(1, "app", "web");
    Shape one = shape(pod, amongPods("app", "web", LESS, 2));
    Shape same =
        Shape.of(
            labelled(1, "app", "web")
                .setConstraint(amongPods("app", "web", LESS, 2))
                .setPodName(Peloton.PodName.newBuilder().setValue("x"))
                .build());
    assertThat(same).isEqualTo(one).hasSameHashCodeAs(one);
    assertThat(shape(labelled(1, "app", "web"), amongPods("app", "web", LESS, 3)))
        .isNotEqualTo(one);
  }
}
