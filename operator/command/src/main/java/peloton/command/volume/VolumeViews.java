package peloton.command.volume;

import java.util.List;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.volume.Volume.PersistentVolumeInfo;
import peloton.api.v1alpha.volume.Volume.VolumeState;
import peloton.command.output.Table;

/** Volumes as people read them. */
final class VolumeViews {
  private VolumeViews() {}

  static Table table(List<PersistentVolumeInfo> volumes) {
    Table table =
        new Table(
            List.of(
                "Volume",
                "Job",
                "Instance",
                "Hostname",
                "State",
                "Goal",
                "Size MB",
                "Container path",
                "Created",
                "Updated"));
    for (PersistentVolumeInfo volume : volumes) {
      PodName pod = PodName.parse(volume.getPodName().getValue());
      table.row(
          List.of(
              volume.getVolumeId().getValue(),
              pod.job(),
              Integer.toString(pod.instance()),
              volume.getHostname(),
              state(volume.getState()),
              state(volume.getDesiredState()),
              Integer.toUnsignedString(volume.getSizeMb()),
              volume.getContainerPath(),
              volume.getCreateTime(),
              volume.getUpdateTime()));
    }
    return table;
  }

  private static String state(VolumeState state) {
    return state.name().replace("VOLUME_STATE_", "");
  }
}
