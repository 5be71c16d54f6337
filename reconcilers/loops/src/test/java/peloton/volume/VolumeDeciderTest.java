package peloton.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.records.VolumeRecord;

class VolumeDeciderTest {

  @ParameterizedTest(name = "{0}, to go {1}, a volume {2}, offered by {3}: {4}")
  @CsvSource({
    "INITIALIZED, false, true, home, CONFIRM",
    "INITIALIZED, false, true, away, CONFIRM",
    "INITIALIZED, false, false, home, UNDO",
    "INITIALIZED, true, true, home, UNDO",
    "INITIALIZED, true, false, home, UNDO",
    "CREATED, false, true, home, KEEP",
    "CREATED, false, true, away, CONFIRM",
    "CREATED, false, false, home, UNDO",
    "CREATED, true, true, home, UNDO",
    "CREATED, true, true, away, UNDO",
    "CREATED, true, false, home, UNDO",
    "DELETED, true, true, home, UNDO",
    "DELETED, true, false, home, UNDO",
  })
  void whatAnOfferShowsIsKeptOrUndone(
      String state, boolean doomed, boolean created, String host, VolumeStep expected) {
    assertThat(VolumeDecider.onOffer(Optional.of(volume(state)), doomed, created, host))
        .isEqualTo(expected);
  }

  @Test
  void dataThatNobodyKnowsIsReportedAndDiskThatNobodyKnowsGoesBack() {
    assertThat(VolumeDecider.onOffer(Optional.empty(), false, true, "home"))
        .isEqualTo(VolumeStep.REPORT);
    assertThat(VolumeDecider.onOffer(Optional.empty(), false, false, "home"))
        .isEqualTo(VolumeStep.UNDO);
  }

  @ParameterizedTest(name = "{0}, to go {1}, in use {2}")
  @CsvSource({
    "INITIALIZED, true, false, true, false",
    "INITIALIZED, true, true, false, false",
    "INITIALIZED, false, false, false, false",
    "CREATED, true, false, false, true",
    "CREATED, true, true, false, false",
    "CREATED, false, false, false, false",
    "DELETED, true, false, false, false",
  })
  void whatIsToGoIsGoneOrWaitsForAnOfferOnceNobodyUsesIt(
      String state, boolean doomed, boolean inUse, boolean gone, boolean waits) {
    assertThat(VolumeDecider.neverCameAbout(volume(state), doomed, inUse)).isEqualTo(gone);
    assertThat(VolumeDecider.waitsForOffer(volume(state), doomed, inUse)).isEqualTo(waits);
  }

  private static VolumeRecord volume(String state) {
    return VolumeRecord.newBuilder()
        .setHost("home")
        .setState(VolumeState.valueOf("VOLUME_STATE_" + state))
        .build();
  }
}
