package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.volume.Volume.PersistentVolumeInfo;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.api.v1alpha.volume.svc.VolumeServiceGrpc;
import peloton.api.v1alpha.volume.svc.VolumeServiceGrpc.VolumeServiceBlockingStub;
import peloton.api.v1alpha.volume.svc.VolumeSvc.DeleteVolumeRequest;
import peloton.api.v1alpha.volume.svc.VolumeSvc.GetVolumeRequest;
import peloton.api.v1alpha.volume.svc.VolumeSvc.ListVolumesRequest;
import peloton.operator.TestCluster;
import peloton.records.JobGoalRecord;
import peloton.records.VolumeRecord;
import peloton.store.view.RecordKey;

class VolumeServiceTest {
  private static final String JOB = "11111111-2222-3333-4444-555555555555";
  private static final String EMPTY = "22222222-2222-3333-4444-555555555555";
  private static final String VOLUME = "aaaaaaaa-2222-3333-4444-555555555555";

  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);
  private final VolumeServiceBlockingStub stub = VolumeServiceGrpc.newBlockingStub(api.channel());

  @BeforeEach
  void oneVolume() {
    cluster.write(new RecordKey.JobGoal(EMPTY), JobGoalRecord.newBuilder().setCreatedAt(1).build());
    cluster.write(
        new RecordKey.Volume(VOLUME),
        VolumeRecord.newBuilder()
            .setJob(JOB)
            .setInstance(3)
            .setHost("a")
            .setState(VolumeState.VOLUME_STATE_CREATED)
            .setSizeMb(64)
            .setContainerPath("data")
            .setCreatedAt(1_000_000_000L)
            .setUpdatedAt(2_000_000_000L)
            .build());
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void aVolumeIsShownAsItIs() {
    PersistentVolumeInfo volume = get();
    assertThat(volume.getVolumeId().getValue()).isEqualTo(VOLUME);
    assertThat(volume.getPodName().getValue()).isEqualTo(JOB + "-3");
    assertThat(volume.getHostname()).isEqualTo("a");
    assertThat(volume.getState()).isEqualTo(VolumeState.VOLUME_STATE_CREATED);
    assertThat(volume.getDesiredState()).isEqualTo(VolumeState.VOLUME_STATE_CREATED);
    assertThat(volume.getSizeMb()).isEqualTo(64);
    assertThat(volume.getContainerPath()).isEqualTo("data");
    assertThat(volume.getCreateTime()).isEqualTo("1970-01-01T00:00:01Z");
    assertThat(volume.getUpdateTime()).isEqualTo("1970-01-01T00:00:02Z");
  }

  @Test
  void aJobThatWasDeletedStillShowsItsVolumes() {
    assertThat(list(JOB)).containsOnlyKeys(VOLUME).containsValue(get());
  }

  @Test
  void aJobWithoutVolumesHasNone() {
    assertThat(list(EMPTY)).isEmpty();
  }

  @Test
  void whatIsNotThereIsNotFound() {
    String other = "33333333-2222-3333-4444-555555555555";
    assertThatThrownBy(() -> list(other))
        .hasMessageContaining("NOT_FOUND: job_id: there is no job");
    GetVolumeRequest.Builder request = GetVolumeRequest.newBuilder();
    request.getVolumeIdBuilder().setValue("x");
    assertThatThrownBy(() -> stub.getVolume(request.build()))
        .hasMessageContaining("NOT_FOUND: volume_id: there is no volume \"x\"");
  }

  @Test
  void aDeletionIsSeenAtOnceAsWhatIsWanted() {
    DeleteVolumeRequest.Builder request = DeleteVolumeRequest.newBuilder();
    request.getVolumeIdBuilder().setValue(VOLUME);
    stub.deleteVolume(request.build());
    assertThat(get().getDesiredState()).isEqualTo(VolumeState.VOLUME_STATE_DELETED);
    assertThat(get().getState()).isEqualTo(VolumeState.VOLUME_STATE_CREATED);
  }

  private PersistentVolumeInfo get() {
    GetVolumeRequest.Builder request = GetVolumeRequest.newBuilder();
    request.getVolumeIdBuilder().setValue(VOLUME);
    return stub.getVolume(request.build()).getResult();
  }

  private Map<String, PersistentVolumeInfo> list(String job) {
    ListVolumesRequest.Builder request = ListVolumesRequest.newBuilder();
    request.getJobIdBuilder().setValue(job);
    return stub.listVolumes(request.build()).getVolumesMap();
  }
}
