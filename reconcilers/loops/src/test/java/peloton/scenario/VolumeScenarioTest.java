package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.records.VolumeRecord;

/** Persistent volumes from the first launch to the end of their reservation. */
class VolumeScenarioTest {
  private static final UpdateSpec AT_ONCE = UpdateSpec.getDefaultInstance();
  private static final Duration WHILE = Duration.ofSeconds(90);

  private final World world = new World();

  @BeforeEach
  void twoAgents() {
    world.mesos.addAgent("a", 4, 4096);
    world.mesos.addAgent("b", 4, 4096);
    world.start();
  }

  @AfterEach
  void nothingWentWrong() {
    assertThat(world.outcome())
        .containsEntry("failures", 0L)
        .containsEntry("violations", List.of());
    assertThat(world.mesos.volumes().unacknowledged()).isZero();
  }

  @Test
  void aPodRunsOnAVolumeThatIsMadeForIt() {
    create(2);
    assertThat(world.outcome())
        .containsEntry("reserved", List.of("a volume 1", "b volume 1"))
        .containsEntry(
            "volumes",
            List.of(
                "0 VOLUME_STATE_CREATED on " + world.pod(0).getHost(),
                "1 VOLUME_STATE_CREATED on " + world.pod(1).getHost()));
    VolumeRecord volume = volume(id(0));
    assertThat(volume.getState()).isEqualTo(VolumeState.VOLUME_STATE_CREATED);
    assertThat(volume.getHost()).isEqualTo(world.pod(0).getHost());
    assertThat(volume.getSizeMb()).isEqualTo(100);
    assertThat(id(0)).isNotEqualTo(id(1));
    assertThat(world.pod(0).getVolume()).isEqualTo(id(0));
  }

  @Test
  void theNextRunsGetTheSameVolumeOnTheSameHost() {
    create(1);
    String id = id(0);
    String host = world.pod(0).getHost();
    for (int i = 0; i < 3; i++) {
      world.restartPod(0);
      world.advance(WHILE);
    }
    assertThat(world.pod(0).getRun()).isEqualTo(4);
    assertThat(world.pod(0).getHost()).isEqualTo(host);
    assertThat(id(0)).isEqualTo(id);
    assertThat(world.mesos.volumes().writers(id)).hasSize(4);
  }

  @Test
  void aPodWaitsForItsHostForAsLongAsItsVolumeLives() {
    create(1);
    String agent = agentOf(0);
    world.stopPod(0);
    world.advance(WHILE);
    world.mesos.partition(agent);
    startPod();
    world.idle(Duration.ofMinutes(10));
    assertThat(world.mesos.living()).isEmpty();
    assertThat(world.waiting())
        .extracting(why -> why.getReason())
        .containsExactly("VOLUME_NOT_FREE");

    world.mesos.rejoin(agent);
    world.idle(Duration.ofMinutes(1));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(agentOf(0)).isEqualTo(agent);
  }

  @Test
  void withoutItsVolumeAPodGoesElsewhereAndWhatItLeftBehindIsUndone() {
    create(1);
    String agent = agentOf(0);
    String id = id(0);
    world.stopPod(0);
    world.advance(WHILE);
    world.mesos.partition(agent);
    startPod();
    world.deleteVolume(id);
    world.advance(WHILE);
    assertThat(agentOf(0)).isNotEqualTo(agent);
    assertThat(id(0)).isNotEqualTo(id);
    assertThat(volume(id).getState()).isEqualTo(VolumeState.VOLUME_STATE_CREATED);

    world.mesos.rejoin(agent);
    world.advance(WHILE);
    assertThat(volume(id).getState()).isEqualTo(VolumeState.VOLUME_STATE_DELETED);
    assertThat(world.mesos.volumes().all()).containsOnlyKeys(id(0));
  }

  @Test
  void aVolumeInUseIsDeletedWhenItsTaskIsOver() {
    create(1);
    String id = id(0);
    world.deleteVolume(id);
    world.idle(Duration.ofMinutes(5));
    assertThat(world.mesos.volumes().writers(id)).hasSize(1);
    assertThat(volume(id).getState()).isEqualTo(VolumeState.VOLUME_STATE_CREATED);

    world.restartPod(0);
    world.idle(Duration.ofMinutes(2));
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(volume(id).getState()).isEqualTo(VolumeState.VOLUME_STATE_DELETED);
    assertThat(world.mesos.volumes().all()).containsOnlyKeys(id(0)).doesNotContainKey(id);
  }

  @Test
  void aDeletedJobLeavesItsVolumesUntilTheyAreDeleted() {
    create(2);
    world.setGoal(JobState.JOB_STATE_DELETED);
    world.idle(Duration.ofMinutes(5));
    assertThat(world.mesos.volumes().all()).hasSize(2);

    for (String id : world.committed().volumes().ofJob(World.JOB)) {
      world.deleteVolume(id);
    }
    world.idle(Duration.ofMinutes(5));
    assertThat(world.mesos.volumes().all()).isEmpty();
    assertThat(world.committed().volumes().volumes().values())
        .extracting(VolumeRecord::getState)
        .containsOnly(VolumeState.VOLUME_STATE_DELETED);

    world.idle(Duration.ofDays(29));
    assertThat(world.committed().volumes().volumes()).isEmpty();
    assertThat(world.committed().volumes().goals()).isEmpty();
  }

  @Test
  void offersThatAreGoneLeaveNothingBehind() {
    world.createJob(World.jobWithVolumes(1, "v1", 100), AT_ONCE);
    world.mesos.tick();
    world.mesos.rescindAll();
    world.advance(WHILE);
    assertThat(world.pod(0).getState()).isEqualTo(PodState.POD_STATE_RUNNING);
    assertThat(world.mesos.volumes().all()).containsOnlyKeys(id(0));
  }

  @Test
  void reservationsOfNobodyGoBackAndStrangeDataStays() {
    world.mesos.volumes().plant("a", reserved("left-over"));
    Resource.Builder strange = reserved("strange").toBuilder();
    strange.getDiskBuilder().getPersistenceBuilder().setId("strange");
    world.mesos.volumes().plant("b", strange.build());
    create(1);
    assertThat(world.mesos.volumes().all())
        .containsOnlyKeys(id(0), "strange")
        .containsEntry("strange", "b volume 0");
  }

  @Test
  void aVolumeLargerThanAnyDiskIsNeverPlacedAndHoldsNothing() {
    world.createJob(World.jobWithVolumes(1, "v1", 2_000_000), AT_ONCE);
    world.idle(Duration.ofMinutes(5));
    assertThat(world.mesos.living()).isEmpty();
    assertThat(world.mesos.volumes().all()).isEmpty();
    assertThat(world.committed().volumes().volumes()).isEmpty();
    assertThat(world.waiting())
        .extracting(why -> why.getReason())
        .containsExactly("NO_HOST_CAN_FIT");
  }

  @Test
  void anotherLeaderGoesOnWithTheVolumes() {
    create(1);
    String id = id(0);
    world.restart();
    world.advance(WHILE);
    world.restartPod(0);
    world.restart();
    world.advance(WHILE);
    assertThat(world.mesos.volumes().writers(id)).hasSize(2);
    world.deleteVolume(id);
    world.stopPod(0);
    world.restart();
    world.idle(Duration.ofMinutes(3));
    assertThat(world.mesos.volumes().all()).isEqualTo(Map.of());
    assertThat(volume(id).getState()).isEqualTo(VolumeState.VOLUME_STATE_DELETED);
  }

  @Test
  void whereverTheLeaderDiesNothingIsLostOrLeft() {
    CrashSweep.run(
        w -> {
          w.mesos.addAgent("a", 4, 4096);
          w.start();
          w.createJob(World.jobWithVolumes(2, "v1", 100), AT_ONCE);
          w.advance(WHILE);
          w.restartPod(0);
          w.advance(WHILE);
          String id = w.committed().volumes().of(World.JOB, 0).orElseThrow();
          w.deleteVolume(id);
          w.stopPod(0);
          w.advance(WHILE.multipliedBy(2));
        });
  }

  private void create(int instances) {
    world.createJob(World.jobWithVolumes(instances, "v1", 100), AT_ONCE);
    world.advance(WHILE);
  }

  private void startPod() {
    world.startPod(0);
  }

  private String id(int instance) {
    return world.committed().volumes().of(World.JOB, instance).orElseThrow();
  }

  private VolumeRecord volume(String id) {
    return world.committed().volumes().volume(id).orElseThrow();
  }

  private String agentOf(int instance) {
    return world.pod(instance).getAgentId();
  }

  private static Resource reserved(String id) {
    Resource.Builder disk =
        Resource.newBuilder()
            .setName("disk")
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(10));
    disk.addReservationsBuilder()
        .setType(Resource.ReservationInfo.Type.DYNAMIC)
        .setRole("peloton")
        .getLabelsBuilder()
        .addLabelsBuilder()
        .setKey("peloton.volume")
        .setValue(id);
    return disk.build();
  }
}
