package peloton.command.job;

import java.util.List;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.command.client.Session;

/** Shows a rollout to programs: the job's summary for each change. */
final class ProgressStream implements Rollout.Progress {
  private final Session session;

  ProgressStream(Session session) {
    this.session = session;
  }

  @Override
  public void changed(JobSummary job, List<String> failing) {
    session.printer().streamed(job, List::of);
  }

  @Override
  public void away(String text) {
    session.console().err().println(text);
    session.console().err().flush();
  }

  @Override
  public void ended() {}
}
