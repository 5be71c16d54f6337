package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.pod.Pod.Constraint;
import peloton.api.v1alpha.pod.Pod.LabelConstraint;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PortSpec;
import peloton.loop.PlacementPlan;
import peloton.records.PodRecord;
import peloton.records.RefusalRecord;
import peloton.records.WaitingGroupRecord;
import peloton.records.WaitingStage;
import peloton.store.KeyValueStore;
import peloton.store.StoreException;

class PlacementScenarioTest {
  private static final UpdateSpec AT_ONCE = UpdateSpec.getDefaultInstance();
  private static final Duration A_WHILE = Duration.ofSeconds(15);

  private final World world = new World();

  @AfterEach
  void nothingWentWrong() {
    assertThat(world.outcome())
        .containsEntry("failures", 0L)
        .containsEntry("violations", List.of());
  }

  @Test
  void podsGoWhereTheirConstraintSays() {
    world.mesos.addAgent("agent-0", 16, 4096, Map.of("zone", "a"));
    world.mesos.addAgent("agent-1", 16, 4096, Map.of("zone", "b"));
    world.start();
    world.createJob(job(4, World.pod("v1", 1), onHost("zone", "b")), AT_ONCE);
    world.advance(Duration.ofSeconds(3));
    assertThat(hosts(4)).containsOnly("agent-1.example");
  }

  @Test
  void podsKeepApartAlsoAfterTheLeaderDied() {
    agents(3);
    world.start();
    world.createJob(apart(2), AT_ONCE);
    world.advance(Duration.ofSeconds(3));
    world.restart();
    world.replaceJob(apart(5), AT_ONCE);
    world.advance(A_WHILE);
    assertThat(hosts(3)).doesNotHaveDuplicates().hasSize(3);
    assertThat(world.waiting())
        .singleElement()
        .satisfies(
            group -> {
              assertThat(group.getStage()).isEqualTo(WaitingStage.WAITING_STAGE_PLACEMENT);
              assertThat(group.getReason()).isEqualTo("NO_HOST_FITS");
              assertThat(group.getInstancesList())
                  .singleElement()
                  .satisfies(
                      range -> {
                        assertThat(range.getFrom()).isEqualTo(3);
                        assertThat(range.getTo()).isEqualTo(5);
                      });
              assertThat(group.getHosts()).isEqualTo(3);
              assertThat(group.getRefusalsList())
                  .containsExactly(
                      RefusalRecord.newBuilder()
                          .setTest("constraint: no pods with label app=web on the host")
                          .setHosts(3)
                          .build());
            });
  }

  @Test
  void aReasonGoesWhenThePodsHaveTheirPlace() {
    agents(1);
    world.start();
    world.createJob(apart(2), AT_ONCE);
    world.advance(A_WHILE);
    assertThat(world.waiting()).hasSize(1);
    world.mesos.addAgent("agent-9", 4, 4096);
    world.advance(Duration.ofSeconds(40));
    assertThat(hosts(2)).containsExactlyInAnyOrder("agent-0.example", "agent-9.example");
    assertThat(world.waiting()).isEmpty();
  }

  @Test
  void aReasonThatADeadLeaderWroteIsTakenBack() {
    agents(1);
    world.start();
    world.createJob(apart(2), AT_ONCE);
    world.advance(A_WHILE);
    assertThat(world.waiting()).hasSize(1);
    world.restart();
    world.setGoal(JobState.JOB_STATE_KILLED);
    world.advance(A_WHILE);
    assertThat(world.waiting()).isEmpty();
  }

  @Test
  void aLaunchThatGoesWellLeavesNoReason() {
    agents(3);
    world.start();
    List<String> keys = new ArrayList<>();
    world.watchAll(
        new KeyValueStore.WatchListener() {
          @Override
          public void onChanges(List<KeyValueStore.Change> changes) {
            changes.forEach(change -> keys.add(change.key()));
          }

          @Override
          public void onLost(StoreException cause) {
            throw cause;
          }
        });
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(A_WHILE);
    assertThat(world.mesos.living()).hasSize(3);
    assertThat(keys).isNotEmpty().noneMatch(key -> key.endsWith("/waiting"));
  }

  @Test
  void aRequestLargerThanAnyHostIsSaidClearly() {
    agents(3);
    world.start();
    world.createJob(job(1, World.pod("v1", 8), null), AT_ONCE);
    world.advance(A_WHILE);
    assertThat(reason().getReason()).isEqualTo("NO_HOST_CAN_FIT");
    assertThat(reason().getRemedy())
        .isEqualTo("it asks for 8 CPU, and no host that it may use has more than 4 CPU");
  }

  @Test
  void aPodThatItsPoolKeepsBackSaysSo() {
    agents(3);
    world.start();
    world.createJob(job(1, World.pod("v1", 64), null), AT_ONCE);
    world.advance(A_WHILE);
    assertThat(reason().getStage()).isEqualTo(WaitingStage.WAITING_STAGE_ADMISSION);
    assertThat(reason().getReason()).isEqualTo("POOL_ENTITLEMENT");
    assertThat(reason().getMessage()).startsWith("it needs 64 cpu; of the 12 cpu");
  }

  @Test
  void aConstraintThatNoHostMeetsIsSaidClearly() {
    agents(2);
    world.start();
    world.createJob(job(1, World.pod("v1", 1), onHost("rack", "z9")), AT_ONCE);
    world.advance(A_WHILE);
    assertThat(reason().getReason()).isEqualTo("NO_HOST_CAN_FIT");
    assertThat(reason().getRemedy())
        .isEqualTo("no known host meets the constraint: host label rack=z9");
  }

  @Test
  void lockedDownLaunchesAndALostMasterAreReasonsToo() {
    agents(1);
    world.start();
    world.lockDown(Component.Launch);
    world.createJob(World.job(1, "v1"), AT_ONCE);
    world.advance(A_WHILE);
    assertThat(reason().getReason()).isEqualTo("LOCKED_DOWN");
    assertThat(reason().getStage()).isEqualTo(WaitingStage.WAITING_STAGE_LAUNCH);
    world.mesos.disconnect();
    world.lockDown();
    world.advance(A_WHILE);
    assertThat(reason().getReason()).isEqualTo("NO_MESOS");
    world.reconnect();
    world.advance(A_WHILE);
    assertThat(world.waiting()).isEmpty();
    assertThat(world.mesos.living()).hasSize(1);
  }

  @Test
  void podsWithAFixedPortKeepOffEachOther() {
    agents(2);
    world.start();
    PodSpec.Builder pod = World.pod("v1", 1).toBuilder();
    pod.getContainersBuilder(0)
        .addPorts(PortSpec.newBuilder().setName("http").setValue(31000).setEnvName("HTTP"))
        .addPorts(PortSpec.newBuilder().setName("admin").setEnvName("ADMIN"));
    world.createJob(job(3, pod.build(), null), AT_ONCE);
    world.advance(A_WHILE);
    assertThat(hosts(2)).doesNotHaveDuplicates().hasSize(2);
    assertThat(world.pod(0).getPortsMap()).containsEntry("http", 31000).containsKey("admin");
    assertThat(reason().getRefusalsList())
        .containsExactly(
            RefusalRecord.newBuilder().setTest("port 31000 is taken").setHosts(2).build());
  }

  @Test
  void exclusiveHostsStayFree() {
    world.mesos.addAgent("agent-0", 16, 4096, Map.of("peloton/exclusive", "search"));
    world.mesos.addAgent("agent-1", 2, 4096);
    world.start();
    world.createJob(World.job(3, "v1"), AT_ONCE);
    world.advance(A_WHILE);
    assertThat(hosts(2)).containsOnly("agent-1.example");
    assertThat(reason().getRefusalsList())
        .extracting(RefusalRecord::getTest)
        .contains("exclusive to pods that name peloton/exclusive");
  }

  @Test
  void aPlanSaysWhereAndChangesNothing() {
    agents(2);
    world.start();
    world.createJob(World.job(2, "v1"), AT_ONCE);
    world.advance(Duration.ofSeconds(30));
    Map<String, Object> before = world.outcome();
    PlacementPlan plan =
        world.plan(
            new PlacementPlan.Question(
                World.JOB, job(4, World.pod("v2", 2), null), List.of(0, 1), List.of(0, 1, 2, 3)));
    assertThat(plan.hosts()).isEqualTo(2);
    assertThat(plan.notPlaced()).isEmpty();
    assertThat(plan.instancesByHost().get("agent-0.example")).hasSize(2);
    assertThat(plan.instancesByHost().get("agent-1.example")).hasSize(2);
    PlacementPlan larger =
        world.plan(
            new PlacementPlan.Question(
                "", job(5, World.pod("v2", 2), null), List.of(), List.of(0, 1, 2, 3, 4)));
    assertThat(larger.notPlaced())
        .singleElement()
        .satisfies(
            group -> {
              assertThat(group.instances()).containsExactly(2, 3, 4);
              assertThat(group.refusals().remedy()).endsWith("would do with 1 CPU more");
            });
    world.advance(Duration.ofSeconds(5));
    assertThat(world.outcome()).isEqualTo(before);
  }

  private WaitingGroupRecord reason() {
    assertThat(world.waiting()).hasSize(1);
    return world.waiting().get(0);
  }

  private List<String> hosts(int instances) {
    return IntStream.range(0, instances).mapToObj(world::pod).map(PodRecord::getHost).toList();
  }

  private void agents(int count) {
    for (int i = 0; i < count; i++) {
      world.mesos.addAgent("agent-" + i, 4, 4096);
    }
  }

  private static JobSpec apart(int instances) {
    Label web = Label.newBuilder().setKey("app").setValue("web").build();
    return job(
        instances,
        World.pod("v1", 1).toBuilder().addLabels(web).build(),
        constraint(
            LabelConstraint.Kind.LABEL_CONSTRAINT_KIND_POD,
            web,
            LabelConstraint.Condition.LABEL_CONSTRAINT_CONDITION_LESS_THAN,
            1));
  }

  private static JobSpec job(int instances, PodSpec pod, Constraint constraint) {
    return World.job(instances, "v1").toBuilder()
        .setDefaultSpec(
            constraint == null ? pod : pod.toBuilder().setConstraint(constraint).build())
        .build();
  }

  private static Constraint onHost(String key, String value) {
    return constraint(
        LabelConstraint.Kind.LABEL_CONSTRAINT_KIND_HOST,
        Label.newBuilder().setKey(key).setValue(value).build(),
        LabelConstraint.Condition.LABEL_CONSTRAINT_CONDITION_EQUAL,
        1);
  }

  private static Constraint constraint(
      LabelConstraint.Kind kind,
      Label label,
      LabelConstraint.Condition condition,
      int requirement) {
    return Constraint.newBuilder()
        .setType(Constraint.Type.CONSTRAINT_TYPE_LABEL)
        .setLabelConstraint(
            LabelConstraint.newBuilder()
                .setKind(kind)
                .setLabel(label)
                .setCondition(condition)
                .setRequirement(requirement))
        .build();
  }
}
