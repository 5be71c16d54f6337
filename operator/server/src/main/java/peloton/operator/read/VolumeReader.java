package peloton.operator.read;

import java.util.Map;
import java.util.TreeMap;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.volume.Volume.PersistentVolumeInfo;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.desired.ApiException;
import peloton.records.VolumeGoalRecord;
import peloton.records.VolumeRecord;
import peloton.store.view.Records;

/** Persistent volumes as the API shows them. */
public final class VolumeReader {
  private VolumeReader() {}

  /**
   * The volumes of a job by id. A job that was deleted has left its volumes behind, so it may have
   * some, too.
   *
   * @throws ApiException NOT_FOUND if there is no such job and no volume of one
   */
  public static Map<String, PersistentVolumeInfo> ofJob(Records records, String job) {
    Map<String, PersistentVolumeInfo> volumes = new TreeMap<>();
    for (String id : records.volumes().ofJob(job)) {
      records.volumes().volume(id).ifPresent(volume -> volumes.put(id, info(records, id, volume)));
    }
    if (volumes.isEmpty() && (records.job(job) == null || records.job(job).goal() == null)) {
      throw new ApiException(
          ApiException.Code.NOT_FOUND, "job_id: there is no job \"" + job + "\"");
    }
    return volumes;
  }

  /**
   * One volume.
   *
   * @throws ApiException NOT_FOUND
   */
  public static PersistentVolumeInfo get(Records records, String id) {
    return records
        .volumes()
        .volume(id)
        .map(volume -> info(records, id, volume))
        .orElseThrow(
            () ->
                new ApiException(
                    ApiException.Code.NOT_FOUND,
                    "volume_id: there is no volume \""
                        + id
                        + "\"; ListVolumes names the volumes of a job"));
  }

  private static PersistentVolumeInfo info(Records records, String id, VolumeRecord volume) {
    VolumeGoalRecord goal = records.volumes().goals().get(id);
    PersistentVolumeInfo.Builder info =
        PersistentVolumeInfo.newBuilder()
            .setHostname(volume.getHost())
            .setState(volume.getState())
            .setDesiredState(
                records.volumes().isDoomed(id)
                    ? VolumeState.VOLUME_STATE_DELETED
                    : VolumeState.VOLUME_STATE_CREATED)
            .setSizeMb(volume.getSizeMb())
            .setContainerPath(volume.getContainerPath())
            .setCreateTime(Times.precise(volume.getCreatedAt()))
            .setUpdateTime(
                Times.precise(
                    Math.max(volume.getUpdatedAt(), goal == null ? 0 : goal.getUpdatedAt())));
    info.getVolumeIdBuilder().setValue(id);
    info.getPodNameBuilder()
        .setValue(new PodName(volume.getJob(), volume.getInstance()).toString());
    return info.build();
  }
}
