package peloton.volume;

import java.util.Optional;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.records.VolumeRecord;

/**
 * What to do about volumes by what is known of them and what Mesos shows. What Mesos offers is used
 * by no task.
 */
public final class VolumeDecider {
  private VolumeDecider() {}

  /**
   * What to do about what an offer shows.
   *
   * @param record what is known of the volume
   * @param doomed whether it is to go, or has gone
   * @param created whether the offer shows a volume, or only a reservation for one
   * @param host that offers it
   */
  public static VolumeStep onOffer(
      Optional<VolumeRecord> record, boolean doomed, boolean created, String host) {
    if (doomed) {
      return VolumeStep.UNDO;
    }
    if (!created) {
      // A reservation is made together with its volume: this one has been, or was left behind.
      return VolumeStep.UNDO;
    }
    if (record.isEmpty()) {
      // Records go long after their volumes. If etcd has lost this one, the data may be all there
      // is.
      return VolumeStep.REPORT;
    }
    VolumeRecord known = record.get();
    return known.getState() == VolumeState.VOLUME_STATE_CREATED && known.getHost().equals(host)
        ? VolumeStep.KEEP
        : VolumeStep.CONFIRM;
  }

  /**
   * Whether a volume that was to be made, and that is to go, can be taken for gone: nobody is about
   * to use it. Should Mesos show something of it later, that is undone then.
   *
   * @param inUse whether the pod's task may run on it
   */
  public static boolean neverCameAbout(VolumeRecord record, boolean doomed, boolean inUse) {
    return doomed && !inUse && record.getState() == VolumeState.VOLUME_STATE_INITIALIZED;
  }

  /**
   * Whether Mesos has to be asked for offers, so that a volume can be destroyed.
   *
   * @param inUse whether the pod's task may run on it
   */
  public static boolean waitsForOffer(VolumeRecord record, boolean doomed, boolean inUse) {
    return doomed && !inUse && record.getState() == VolumeState.VOLUME_STATE_CREATED;
  }
}
