package peloton.command.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.records.PodRecord;

class PodSightingTest {

  @Test
  void readsRunAndStateOfARecord() {
    PodRecord record =
        PodRecord.newBuilder()
            .setRun(300)
            .setState(PodState.POD_STATE_RUNNING)
            .setVersion(2)
            .setHost("host")
            .build();
    assertThat(PodSighting.of(record.toByteString()))
        .isEqualTo(new PodSighting(300, PodState.POD_STATE_RUNNING, 2));
    assertThat(PodSighting.of(ByteString.EMPTY))
        .isEqualTo(new PodSighting(0, PodState.POD_STATE_INVALID, 0));
  }

  @Test
  void aDamagedRecordIsToldOf() {
    assertThatThrownBy(() -> PodSighting.of(ByteString.copyFrom(new byte[] {8})))
        .isInstanceOf(BenchFailure.class);
  }
}
