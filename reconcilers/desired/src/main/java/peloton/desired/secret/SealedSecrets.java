package peloton.desired.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Secret;
import org.apache.mesos.v1.Protos.Volume;
import peloton.records.SecretRecord;
import peloton.store.view.JobEntry;

/** The secrets as they are stored. */
public final class SealedSecrets implements SecretSource {
  private final Optional<SecretBox> box;

  /**
   * @param box empty in a cluster that keeps no secrets; one that is there nevertheless, of a time
   *     when it did, cannot be opened
   */
  public SealedSecrets(Optional<SecretBox> box) {
    this.box = box;
  }

  @Override
  public List<Volume> volumesOf(JobEntry job) {
    List<Volume> volumes = new ArrayList<>();
    for (SecretRecord secret : job.secrets().values()) {
      SecretBox open =
          box.orElseThrow(
              () ->
                  new SealedSecretException(
                      "secret "
                          + secret.getId()
                          + " of job "
                          + job.id()
                          + " is sealed with the key \""
                          + secret.getKeyId()
                          + "\", but no key for secrets is configured"));
      volumes.add(
          Volume.newBuilder()
              .setContainerPath(secret.getPath())
              .setMode(Volume.Mode.RO)
              .setSource(
                  Volume.Source.newBuilder()
                      .setType(Volume.Source.Type.SECRET)
                      .setSecret(
                          Secret.newBuilder()
                              .setType(Secret.Type.VALUE)
                              .setValue(
                                  Secret.Value.newBuilder().setData(open.open(job.id(), secret)))))
              .build());
    }
    return volumes;
  }
}
