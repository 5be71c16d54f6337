package peloton.command.volume;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import peloton.api.ids.JobId;
import peloton.api.ids.PodName;
import peloton.api.v1alpha.volume.Volume.PersistentVolumeInfo;
import peloton.api.v1alpha.volume.svc.VolumeSvc.ListVolumesRequest;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.JobLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton volume list}. */
@Command(name = "list", description = "List the volumes of a job by instance.")
public final class VolumeListCommand extends ClientCommand {
  @Parameters(
      paramLabel = "JOB",
      description = "The job's id, or its name; of a job that was deleted, the id.")
  private String job;

  /** Made for one run of the program. */
  public VolumeListCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    String id = new JobLookup(session.client()).id(job);
    List<PersistentVolumeInfo> volumes =
        new ArrayList<>(
            session
                .client()
                .volumes()
                .listVolumes(ListVolumesRequest.newBuilder().setJobId(JobId.toProto(id)).build())
                .getVolumesMap()
                .values());
    volumes.sort(
        Comparator.<PersistentVolumeInfo>comparingInt(
                volume -> PodName.parse(volume.getPodName().getValue()).instance())
            .thenComparing(PersistentVolumeInfo::getCreateTime)
            .thenComparing(volume -> volume.getVolumeId().getValue()));
    session.printer().results(volumes, () -> VolumeViews.table(volumes), "No volumes found");
  }
}
