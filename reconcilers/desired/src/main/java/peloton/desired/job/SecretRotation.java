package peloton.desired.job;

import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.store.view.JobEntry;
import peloton.store.view.Records;

/**
 * Brings the secrets of all jobs under the key that seals today. To be run when a server starts.
 *
 * <p>A key is changed in three rounds over all servers of a cluster: the new key comes in as one
 * that opens, so that whoever leads can open what others seal; it becomes the one that seals; and
 * when this has left nothing behind, the old key goes.
 */
public final class SecretRotation {
  private static final Logger log = LoggerFactory.getLogger(SecretRotation.class);

  private final JobWriter writer;

  public SecretRotation(JobWriter writer) {
    this.writer = writer;
  }

  /**
   * Seals what is sealed with another key anew, one job after the other. A job of which that cannot
   * be done is told of in the log and left as it is. Answers with the number of secrets.
   */
  public CompletableFuture<Integer> run(Records records) {
    CompletableFuture<Integer> sealed = CompletableFuture.completedFuture(0);
    for (JobEntry job : records.jobs()) {
      if (!job.secrets().isEmpty()) {
        sealed = sealed.thenCompose(before -> reseal(job.id()).thenApply(these -> before + these));
      }
    }
    return sealed;
  }

  private CompletableFuture<Integer> reseal(String job) {
    return writer
        .resealSecrets(job)
        .exceptionally(
            failure -> {
              log.warn("the secrets of job {} keep the key that they have", job, failure);
              return 0;
            });
  }
}
