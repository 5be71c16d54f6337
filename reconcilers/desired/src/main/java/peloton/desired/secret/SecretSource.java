package peloton.desired.secret;

import java.util.List;
import org.apache.mesos.v1.Protos.Volume;
import peloton.store.view.JobEntry;

/** Where the launcher of pods gets what their containers see of their job's secrets. */
@FunctionalInterface
public interface SecretSource {

  /**
   * One read-only volume for each secret of a job, to be added to the container of each of its
   * pods. They hold the contents, so they go into the launch and nowhere else.
   *
   * @throws SealedSecretException if one cannot be opened
   */
  List<Volume> volumesOf(JobEntry job);
}
