package peloton.command.pod;

import peloton.api.v1alpha.peloton.Peloton.PodName;
import peloton.command.client.PodLookup;
import peloton.command.client.Session;
import picocli.CommandLine.Parameters;

/** The one pod that a command line names. */
final class PodChoice {
  @Parameters(
      index = "0",
      paramLabel = "POD",
      description = "The pod: JOB-INSTANCE, where JOB is the job's id or name.")
  private String pod;

  PodName name(Session session) {
    return new PodLookup(session.client()).name(pod);
  }

  @Override
  public String toString() {
    return pod;
  }
}
