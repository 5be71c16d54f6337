package peloton.command.volume;

import java.util.List;
import peloton.api.v1alpha.volume.Volume.PersistentVolumeInfo;
import peloton.api.v1alpha.volume.svc.VolumeSvc.GetVolumeRequest;
import peloton.command.Console;
import peloton.command.client.ClientCommand;
import peloton.command.client.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code peloton volume get}. */
@Command(name = "get", description = "Show a volume.")
public final class VolumeGetCommand extends ClientCommand {
  @Parameters(paramLabel = "VOLUME", description = "The volume's id.")
  private String volume;

  /** Made for one run of the program. */
  public VolumeGetCommand(Console console) {
    super(console);
  }

  @Override
  protected void run(Session session) {
    GetVolumeRequest.Builder request = GetVolumeRequest.newBuilder();
    request.getVolumeIdBuilder().setValue(volume);
    PersistentVolumeInfo found = session.client().volumes().getVolume(request.build()).getResult();
    session.printer().results(List.of(found), () -> VolumeViews.table(List.of(found)), "");
  }
}
