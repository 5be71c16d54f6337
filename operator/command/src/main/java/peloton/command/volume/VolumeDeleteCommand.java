package peloton.command.volume;

import peloton.api.v1alpha.volume.svc.VolumeSvc.DeleteVolumeRequest;
import peloton.api.v1alpha.volume.svc.VolumeSvc.DeleteVolumeResponse;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton volume delete}. */
@Command(
    name = "delete",
    description =
        "Delete a volume with all that is in it, as soon as no task uses it. A task that "
            + "runs goes on; the pod's next one gets a new volume.")
public final class VolumeDeleteCommand extends ClientCommand {
  @Parameters(paramLabel = "VOLUME", description = "The volume's id.")
  private String volume;

  /** Made for one run of the program. */
  public VolumeDeleteCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    DeleteVolumeRequest.Builder request = DeleteVolumeRequest.newBuilder();
    request.getVolumeIdBuilder().setValue(volume);
    DeleteVolumeResponse response = session.client().volumes().deleteVolume(request.build());
    session.printer().result(response, () -> "Volume " + volume + " will be deleted");
  }
}
