package peloton.desired.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.api.v1alpha.volume.svc.VolumeSvc.DeleteVolumeRequest;
import peloton.api.v1alpha.volume.svc.VolumeSvc.DeleteVolumeResponse;
import peloton.desired.ApiException;
import peloton.desired.DesiredFixture;
import peloton.records.VolumeRecord;
import peloton.store.view.RecordKey;
import peloton.store.view.VolumeTable;

class VolumeWriterTest {
  private final DesiredFixture fixture = new DesiredFixture();
  private final VolumeWriter writer =
      new VolumeWriter(fixture.desired, fixture.keys, fixture.timers.clock());

  @BeforeEach
  void volumes() {
    put("kept", VolumeState.VOLUME_STATE_CREATED);
    put("gone", VolumeState.VOLUME_STATE_DELETED);
  }

  @Test
  void aVolumeIsWantedDeletedAndOnlyThat() {
    fixture.answer(delete("kept"));
    assertThat(table().goals().get("kept").getGoal()).isEqualTo(VolumeState.VOLUME_STATE_DELETED);
    assertThat(table().volumes().get("kept").getState())
        .isEqualTo(VolumeState.VOLUME_STATE_CREATED);
  }

  @Test
  void askingTwiceWritesOnce() {
    fixture.answer(delete("kept"));
    long before = table().goals().get("kept").getUpdatedAt();
    fixture.timers.advance(Duration.ofSeconds(1));
    fixture.answer(delete("kept"));
    assertThat(table().goals().get("kept").getUpdatedAt()).isEqualTo(before);
  }

  @Test
  void whatIsGoneStaysSo() {
    fixture.answer(delete("gone"));
    assertThat(table().goals()).isEmpty();
  }

  @Test
  void aVolumeThatThereIsNotCannotBeDeleted() {
    assertThat(fixture.refusal(delete("other")))
        .extracting(ApiException::code, Throwable::getMessage)
        .containsExactly(
            ApiException.Code.NOT_FOUND,
            "volume_id: there is no volume \"other\"; ListVolumes names the volumes of a job");
    assertThat(fixture.refusal(delete("")).code()).isEqualTo(ApiException.Code.INVALID_ARGUMENT);
    assertThat(table().goals()).isEmpty();
  }

  private CompletableFuture<DeleteVolumeResponse> delete(String id) {
    DeleteVolumeRequest.Builder request = DeleteVolumeRequest.newBuilder();
    request.getVolumeIdBuilder().setValue(id);
    return writer.delete(request.build());
  }

  private void put(String id, VolumeState state) {
    fixture.put(
        new RecordKey.Volume(id), VolumeRecord.newBuilder().setJob("job").setState(state).build());
  }

  private VolumeTable table() {
    return fixture.records().volumes();
  }
}
