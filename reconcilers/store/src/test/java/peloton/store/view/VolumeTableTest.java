package peloton.store.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.records.VolumeGoalRecord;
import peloton.records.VolumeRecord;

class VolumeTableTest {
  private final VolumeTable table = new VolumeTable();

  @Test
  void aPodKeepsTheVolumeThatNobodyWantsDeleted() {
    put("a", 0, VolumeState.VOLUME_STATE_DELETED);
    put("b", 0, VolumeState.VOLUME_STATE_CREATED);
    put("c", 1, VolumeState.VOLUME_STATE_CREATED);
    assertThat(table.of("job", 0)).contains("b");
    assertThat(table.of("job", 1)).contains("c");
    assertThat(table.of("job", 2)).isEmpty();
    assertThat(table.of("other", 0)).isEmpty();

    table.apply(
        new RecordKey.VolumeGoal("b"),
        VolumeGoalRecord.newBuilder().setGoal(VolumeState.VOLUME_STATE_DELETED).build());

    assertThat(table.of("job", 0)).isEmpty();
    assertThat(table.isDoomed("b")).isTrue();
    assertThat(table.isDoomed("c")).isFalse();
    assertThat(table.ofJob("job")).containsExactly("a", "b", "c");
  }

  @Test
  void whatIsForgottenIsNowhere() {
    put("a", 0, VolumeState.VOLUME_STATE_CREATED);
    table.apply(new RecordKey.Volume("a"), null);
    table.apply(new RecordKey.Volume("a"), null);
    assertThat(table.of("job", 0)).isEmpty();
    assertThat(table.ofJob("job")).isEmpty();
    assertThat(table.volumes()).isEmpty();
  }

  private void put(String id, int instance, VolumeState state) {
    table.apply(
        new RecordKey.Volume(id),
        VolumeRecord.newBuilder().setJob("job").setInstance(instance).setState(state).build());
  }
}
