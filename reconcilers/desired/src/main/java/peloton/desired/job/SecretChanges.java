package peloton.desired.job;

import static peloton.desired.ApiException.Code.FAILED_PRECONDITION;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peloton.desired.Decision;
import peloton.desired.secret.SealedSecretException;
import peloton.desired.secret.SecretBox;
import peloton.records.SecretRecord;
import peloton.store.Txn;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

/** Decides what becomes of the secrets of a job when the key that seals them is another one. */
final class SecretChanges {
  private final Keyspace keys;
  private final Optional<SecretBox> box;

  SecretChanges(Keyspace keys, Optional<SecretBox> box) {
    this.keys = keys;
    this.box = box;
  }

  /** Seals those of a job's secrets anew that are sealed with an older key. */
  Decision<Integer> reseal(Records records, String id) {
    return JobRequests.onJob(
        records,
        id,
        job -> {
          if (job.entry().secrets().isEmpty()) {
            return new Decision.Answer<>(0);
          }
          if (box.isEmpty()) {
            return Decision.refuse(
                FAILED_PRECONDITION,
                "job " + id + " has secrets, but the configuration has no key to seal them with");
          }
          try {
            return reseal(job, box.get());
          } catch (SealedSecretException closed) {
            return Decision.refuse(FAILED_PRECONDITION, closed.getMessage());
          }
        });
  }

  private Decision<Integer> reseal(JobSnapshot job, SecretBox current) {
    List<SecretRecord> sealed = new ArrayList<>();
    for (SecretRecord secret : job.entry().secrets().values()) {
      current.resealed(job.id(), secret).ifPresent(sealed::add);
    }
    if (sealed.isEmpty()) {
      return new Decision.Answer<>(0);
    }
    List<Txn.Write> writes = new ArrayList<>();
    for (SecretRecord secret : sealed) {
      writes.add(keys.put(key(job, secret), secret));
    }
    Txn.Guard sameJob =
        new Txn.Guard.ModRevision(keys.key(new RecordKey.JobGoal(job.id())), job.goalRevision());
    ByteString proof = sealed.get(0).toByteString();
    return new Decision.Write<>(
        new Txn(List.of(sameJob), writes),
        keys.key(key(job, sealed.get(0))),
        found -> found.isPresent() && found.get().value().equals(proof),
        sealed.size());
  }

  private static RecordKey key(JobSnapshot job, SecretRecord secret) {
    return new RecordKey.Secret(job.id(), secret.getId());
  }
}
