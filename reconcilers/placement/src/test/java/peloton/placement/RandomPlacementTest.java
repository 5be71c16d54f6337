package peloton.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.placement.Fleet.EQUAL;
import static peloton.placement.Fleet.GREATER;
import static peloton.placement.Fleet.LESS;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.api.v1alpha.pod.Pod.Constraint;
import peloton.api.v1alpha.pod.Pod.PodSpec;

/**
 * Random offers, rescinds, launches, ends and rounds. Beside the index goes a model that looks at
 * every agent in turn and knows nothing of bits: whatever it could place, the index places, and
 * what the index places fits in the model.
 */
class RandomPlacementTest {
  private static final int STEPS = 150;
  private static final List<String> ZONES = List.of("a", "b", "c");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void placesWheneverALinearScanCould(long seed) {
    new Story(seed, PlacementSettings.Strategy.SPREAD).tell();
    new Story(seed, PlacementSettings.Strategy.PACK).tell();
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33})
  void theSameStoryHasTheSameEnd(long seed) {
    for (PlacementSettings.Strategy strategy : PlacementSettings.Strategy.values()) {
      Story one = new Story(seed, strategy);
      Story other = new Story(seed, strategy);
      one.tell();
      other.tell();
      assertThat(one.log).isEqualTo(other.log).isNotEmpty();
    }
  }

  private static final class Story {
    private final Random random;
    private final AgentIndex index;
    private final Map<String, Host> hosts = new TreeMap<>();
    private final Map<String, Placed> pods = new TreeMap<>();
    private final List<PodSpec> specs = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private int next;

    private static final class Host {
      private long[] free = new long[6];
      private boolean offers;
      private boolean gpus;
      private List<Label> labels = List.of();
    }

    private record Placed(String host, PodSpec spec) {}

    Story(long seed, PlacementSettings.Strategy strategy) {
      random = new Random(seed);
      index = new AgentIndex(new PlacementSettings(strategy, ""));
      for (int i = 0; i < 12; i++) {
        specs.add(randomPod());
      }
    }

    void tell() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(6)) {
          case 0, 1 -> offer();
          case 2 -> rescind();
          case 3 -> {
            for (int i = 0; i < 8; i++) {
              end();
            }
          }
          default -> round();
        }
      }
      assertThat(log.stream().filter(line -> !line.endsWith("-"))).isNotEmpty();
    }

    private void offer() {
      int i = random.nextInt(90);
      Host host = hosts.computeIfAbsent("agent-" + i, id -> new Host());
      List<Label> labels = new ArrayList<>();
      labels.add(new Label("zone", ZONES.get(i % 3)));
      if (i % 7 == 0) {
        labels.add(new Label(Label.EXCLUSIVE, "x"));
      }
      if (random.nextInt(20) == 0) {
        labels.add(new Label("zone", ZONES.get(random.nextInt(3))));
      }
      Capacity capacity =
          new Capacity(
              random.nextInt(8_000),
              random.nextInt(4_000),
              random.nextInt(4_000),
              i % 5 == 0 ? random.nextInt(3) * 1_000L : 0,
              random.nextInt(4),
              random.nextInt(2_000));
      host.offers = true;
      host.labels = labels;
      host.free =
          new long[] {
            capacity.cpus(),
            capacity.memory(),
            capacity.disk(),
            capacity.gpus(),
            capacity.ports(),
            capacity.revocableCpus()
          };
      long gpusInUse =
          pods.values().stream()
              .filter(pod -> pod.host().equals("agent-" + i))
              .mapToLong(pod -> Need.of(pod.spec()).gpus())
              .sum();
      host.gpus |= capacity.gpus() + gpusInUse > 0;
      index.offered("agent-" + i, "host-" + i, labels, capacity);
    }

    private void rescind() {
      String id = "agent-" + random.nextInt(90);
      Host host = hosts.get(id);
      if (host != null) {
        host.offers = false;
        host.free = new long[6];
      }
      index.withdrawn(id);
    }

    private void end() {
      if (!pods.isEmpty()) {
        List<String> names = List.copyOf(pods.keySet());
        String name = names.get(random.nextInt(names.size()));
        pods.remove(name);
        String[] parts = name.split("/");
        index.gone(parts[0], Integer.parseInt(parts[1]));
      }
    }

    private void round() {
      int batch = 1 + random.nextInt(30);
      Pass pass = new Pass(index, batch);
      for (int i = 0; i < batch; i++) {
        PodSpec spec = specs.get(random.nextInt(specs.size()));
        String job = "job-" + random.nextInt(4);
        int instance = next++;
        Optional<String> agent = pass.place(job, instance, Shape.of(spec));
        log.add(job + "/" + instance + " " + agent.orElse("-"));
        if (agent.isPresent()) {
          assertThat(fits(agent.get(), spec)).as("%s on %s", spec, agent).isTrue();
          long[] needs = needs(spec);
          for (int kind = 0; kind < 6; kind++) {
            hosts.get(agent.get()).free[kind] -= needs[kind];
            assertThat(hosts.get(agent.get()).free[kind]).isNotNegative();
          }
          pods.put(job + "/" + instance, new Placed(agent.get(), spec));
        } else {
          assertThat(hosts.keySet()).as("%s", spec).noneMatch(id -> fits(id, spec));
          Refusals refusals = pass.explain(Shape.of(spec));
          assertThat(refusals.refusals().stream().mapToInt(Refusals.Refusal::hosts).sum())
              .as("each known host is refused for one reason: %s", refusals)
              .isEqualTo(hosts.size())
              .isEqualTo(refusals.hosts());
        }
      }
    }

    private boolean fits(String id, PodSpec spec) {
      Host host = hosts.get(id);
      long[] needs = needs(spec);
      if (!host.offers || host.gpus != (needs[3] > 0)) {
        return false;
      }
      for (int kind = 0; kind < 6; kind++) {
        if (needs[kind] > host.free[kind]) {
          return false;
        }
      }
      boolean exclusive = host.labels.stream().anyMatch(l -> l.key().equals(Label.EXCLUSIVE));
      if (exclusive && !spec.getConstraint().toString().contains(Label.EXCLUSIVE)) {
        return false;
      }
      return (!spec.hasConstraint() || holds(id, host, spec.getConstraint()))
          && staticPorts(spec).stream().noneMatch(port -> portsOn(id).contains(port));
    }

    private boolean holds(String id, Host host, Constraint constraint) {
      switch (constraint.getType()) {
        case CONSTRAINT_TYPE_AND -> {
          return constraint.getAndConstraint().getConstraintsList().stream()
              .allMatch(one -> holds(id, host, one));
        }
        case CONSTRAINT_TYPE_OR -> {
          return constraint.getOrConstraint().getConstraintsList().stream()
              .anyMatch(one -> holds(id, host, one));
        }
        default -> {
          var label = constraint.getLabelConstraint();
          boolean ofHost = label.getKindValue() == 2;
          String key = label.getLabel().getKey();
          String value = label.getLabel().getValue();
          long count =
              ofHost
                  ? host.labels.stream().filter(new Label(key, value)::equals).count()
                      + (key.equals("hostname") && value.equals(id.replace("agent", "host"))
                          ? 1
                          : 0)
                  : pods.values().stream()
                      .filter(pod -> pod.host().equals(id))
                      .flatMap(pod -> pod.spec().getLabelsList().stream())
                      .filter(l -> l.getKey().equals(key) && l.getValue().equals(value))
                      .count();
          return switch (label.getCondition()) {
            case LABEL_CONSTRAINT_CONDITION_LESS_THAN -> count < label.getRequirement();
            case LABEL_CONSTRAINT_CONDITION_EQUAL -> count == label.getRequirement();
            default -> count > label.getRequirement();
          };
        }
      }
    }

    private List<Integer> portsOn(String id) {
      return pods.values().stream()
          .filter(pod -> pod.host().equals(id))
          .flatMap(pod -> staticPorts(pod.spec()).stream())
          .toList();
    }

    private static List<Integer> staticPorts(PodSpec spec) {
      return spec.getContainers(0).getPortsList().stream()
          .map(port -> port.getValue())
          .filter(port -> port != 0)
          .toList();
    }

    private static long[] needs(PodSpec spec) {
      Need need = Need.of(spec);
      return new long[] {
        spec.getRevocable() ? 0 : need.cpus(),
        need.memory(),
        need.disk(),
        need.gpus(),
        need.ports(),
        spec.getRevocable() ? need.cpus() : 0
      };
    }

    private PodSpec randomPod() {
      PodSpec.Builder pod =
          random.nextInt(3) == 0
              ? Fleet.withPort(0, "p", random.nextBoolean() ? 0 : 8000 + random.nextInt(2))
              : Fleet.pod(0);
      pod.getContainersBuilder(0)
          .getResourceBuilder()
          .setCpuLimit(random.nextInt(5_000) / 1000.0)
          .setMemLimitMb(random.nextInt(3))
          .setDiskLimitMb(random.nextInt(3))
          .setGpuLimit(random.nextInt(5) == 0 ? 1 : 0);
      pod.setRevocable(random.nextInt(5) == 0);
      for (String app : List.of("web", "db")) {
        if (random.nextBoolean()) {
          pod.addLabels(Fleet.labelled(0, "app", app).getLabels(0));
        }
      }
      if (random.nextInt(3) > 0) {
        pod.setConstraint(randomConstraint(2));
      }
      return pod.build();
    }

    private Constraint randomConstraint(int depth) {
      int kind = random.nextInt(depth > 0 ? 6 : 4);
      var condition = List.of(LESS, EQUAL, GREATER).get(random.nextInt(3));
      return switch (kind) {
        case 0 -> Fleet.onHost("zone", ZONES.get(random.nextInt(3)), condition, random.nextInt(3));
        case 1 ->
            random.nextBoolean()
                ? Fleet.onHost(Label.EXCLUSIVE, "x", condition, random.nextInt(2))
                : Fleet.onHost(Label.HOSTNAME, "host-" + random.nextInt(90), EQUAL, 0);
        case 2, 3 ->
            Fleet.amongPods(
                "app", random.nextBoolean() ? "web" : "db", condition, random.nextInt(4));
        case 4 -> Fleet.all(randomConstraint(depth - 1), randomConstraint(depth - 1));
        default -> Fleet.any(randomConstraint(depth - 1), randomConstraint(depth - 1));
      };
    }
  }
}
