package peloton.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import peloton.records.ResourcePoolRecord;
import peloton.records.SchemaRecord;
import peloton.store.Txn;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;

class DesiredStoreTest {
  private static final RecordKey.Pool POOL = new RecordKey.Pool("p");

  private final DesiredFixture fixture = new DesiredFixture();
  private final AtomicInteger decisions = new AtomicInteger();

  @Test
  void answersWhenTheWriteCanBeReadBack() {
    fixture.holdViewBack(true);
    CompletableFuture<Long> request = fixture.desired.write(this::increment);
    fixture.settle();
    assertThat(request).isNotDone();
    assertThat(value(fixture.records())).isZero();

    fixture.holdViewBack(false);

    assertThat(fixture.answer(request)).isEqualTo(1);
    assertThat(value(fixture.records())).isEqualTo(1);
    assertThat(fixture.timers.pending()).as("no timer but the view's own").isEqualTo(1);
  }

  @Test
  void saysThatTheWriteWasMadeWhenTheViewDoesNotCatchUp() {
    fixture.holdViewBack(true);
    CompletableFuture<Long> request = fixture.desired.write(this::increment);
    fixture.settle();

    fixture.timers.advance(DesiredFixture.VIEW_TIMEOUT);

    ApiException refusal = fixture.refusal(request);
    assertThat(refusal.code()).isEqualTo(ApiException.Code.UNAVAILABLE);
    assertThat(refusal)
        .hasMessage(
            "the write was made at revision 2, so do not repeat it; but after 5000 ms this server"
                + " has read only up to revision 1 of 2; try reading again when it has caught up");
  }

  @Test
  void decidesAnewWhenSomebodyElseWasFaster() {
    DesiredFixture other = fixture.replica();
    fixture.holdViewBack(true);
    assertThat(other.answer(other.desired.write(this::increment))).isEqualTo(1);
    CompletableFuture<Long> request = fixture.desired.write(this::increment);
    fixture.settle();

    fixture.holdViewBack(false);

    assertThat(fixture.answer(request)).isEqualTo(2);
    assertThat(value(fixture.records())).isEqualTo(2);
  }

  @Test
  void givesUpWhenSomebodyElseIsAlwaysFaster() {
    fixture.store.beforeCommit(
        txn -> {
          if (!txn.guards().isEmpty()) {
            fixture.store.commit(
                new Txn(List.of(), List.of(fixture.keys.put(POOL, record(decisions.get())))));
          }
        });

    ApiException refusal = fixture.refusal(fixture.desired.write(this::increment));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.ABORTED);
    assertThat(refusal).hasMessageStartingWith("operation aborted due to unexpected version: ");
    assertThat(decisions).hasValue(DesiredStore.TRIES);
  }

  @Test
  void refusesOnCurrentRecordsOnly() {
    DesiredFixture other = fixture.replica();
    fixture.holdViewBack(true);
    other.answer(other.desired.write(this::increment));
    CompletableFuture<Long> request = fixture.desired.write(this::valueOrNotFound);
    fixture.settle();
    assertThat(request).isNotDone();

    fixture.holdViewBack(false);

    assertThat(fixture.answer(request)).isEqualTo(1);
    assertThat(decisions).as("on old records, then on new ones, then the other's").hasValue(3);
  }

  @Test
  void writesNothingIntoRecordsOfANewerSchema() {
    fixture.put(
        new RecordKey.Schema(),
        SchemaRecord.newBuilder().setVersion(2).setRelease("2.0.0").build());

    ApiException refusal = fixture.refusal(fixture.desired.write(this::increment));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.UNAVAILABLE);
    assertThat(refusal).hasMessageContaining("run release 2.0.0 or a later one");
    assertThat(value(fixture.records())).isZero();
    assertThat(decisions).hasValue(0);
  }

  @Test
  void refusesWhatIsWrongWhateverTheRecordsSayWithoutAskingTheStore() {
    fixture.store.unavailable(true);

    ApiException refusal =
        fixture.refusal(
            fixture.desired.write(
                records -> {
                  throw new ApiException(ApiException.Code.INVALID_ARGUMENT, "wrong");
                }));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.INVALID_ARGUMENT);
  }

  @Test
  void cannotRefuseByTheRecordsWhileTheStoreIsAway() {
    fixture.store.unavailable(true);

    ApiException refusal = fixture.refusal(fixture.desired.write(this::valueOrNotFound));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.UNAVAILABLE);
    assertThat(refusal).hasMessageContaining("nothing was written");
  }

  @Test
  void recognisesAWriteWhoseAnswerWasLost() {
    fixture.store.failNextCommit(true);

    assertThat(fixture.answer(fixture.desired.write(this::increment))).isEqualTo(1);
    assertThat(value(fixture.records())).isEqualTo(1);
    assertThat(fixture.store.commits()).isEqualTo(1);
  }

  @Test
  void saysThatItDoesNotKnowWhenTheWriteIsNotThere() {
    fixture.store.failNextCommit(false);

    ApiException refusal = fixture.refusal(fixture.desired.write(this::increment));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.UNAVAILABLE);
    assertThat(refusal)
        .hasMessageContaining("the outcome of the write is unknown, it may still be made")
        .hasMessageContaining("read the object, and try again if it has not changed");
  }

  @Test
  void saysThatItDoesNotKnowWhenTheStoreStaysAway() {
    fixture.store.unavailable(true);

    ApiException refusal = fixture.refusal(fixture.desired.write(this::increment));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.UNAVAILABLE);
    assertThat(refusal).hasMessageContaining("the outcome of the write is unknown");
  }

  @Test
  void servesAgainWhenTheStoreIsBack() {
    fixture.store.unavailable(true);
    fixture.refusal(fixture.desired.write(this::increment));
    fixture.store.unavailable(false);
    fixture.timers.advance(Duration.ofSeconds(2));

    assertThat(fixture.answer(fixture.desired.write(this::increment))).isEqualTo(1);
  }

  @Test
  void waitsForRecordsThatAreStillComingIn() {
    fixture.holdViewBack(true);
    fixture.answer(fixture.store.commit(new Txn(List.of(), List.of(put(7)))));
    CompletableFuture<Long> request =
        fixture.desired.write(
            records ->
                value(records) == 0 ? new Decision.Wait<>(2) : this.valueOrNotFound(records));
    fixture.settle();
    assertThat(request).isNotDone();

    fixture.holdViewBack(false);

    assertThat(fixture.answer(request)).isEqualTo(7);
  }

  @Test
  void aLockedRequestIsDecidedAnewWhenTheLockWasWritten() {
    String lock = fixture.keys.below("lock");
    CompletableFuture<Long> request =
        fixture.desired.writeLocked(
            lock,
            (records, guard) -> {
              if (decisions.get() == 0) {
                fixture.store.commit(
                    new Txn(
                        List.of(),
                        List.of(new Txn.Write.Put(lock, ByteString.copyFromUtf8("taken")))));
              }
              Decision.Write<Long> write = (Decision.Write<Long>) increment(records);
              return new Decision.Write<>(
                  new Txn(List.of(guard), write.txn().writes()),
                  write.proof(),
                  write.made(),
                  write.answer());
            });

    assertThat(fixture.answer(request)).isEqualTo(1);
    assertThat(decisions).hasValue(2);
  }

  @Test
  void aFaultInADecisionIsToldAsInternal() {
    ApiException refusal =
        fixture.refusal(
            fixture.desired.write(
                records -> {
                  throw new IllegalStateException("oops");
                }));

    assertThat(refusal.code()).isEqualTo(ApiException.Code.INTERNAL);
  }

  private Decision<Long> increment(Records records) {
    decisions.incrementAndGet();
    long revision = records.poolRevision("p");
    long next = value(records) + 1;
    String key = fixture.keys.key(POOL);
    Txn.Guard guard =
        revision == 0 ? new Txn.Guard.Absent(key) : new Txn.Guard.ModRevision(key, revision);
    Txn.Write.Put put = put(next);
    return new Decision.Write<>(
        new Txn(List.of(guard), List.of(put)),
        key,
        found -> found.isPresent() && found.get().value().equals(put.value()),
        next);
  }

  private Decision<Long> valueOrNotFound(Records records) {
    decisions.incrementAndGet();
    return records.pools().containsKey("p")
        ? new Decision.Answer<>(value(records))
        : Decision.refuse(ApiException.Code.NOT_FOUND, "no value");
  }

  private Txn.Write.Put put(long value) {
    return (Txn.Write.Put) fixture.keys.put(POOL, record(value));
  }

  private static ResourcePoolRecord record(long value) {
    return ResourcePoolRecord.newBuilder().setId("p").setUpdatedAt(value).build();
  }

  private static long value(Records records) {
    return Optional.ofNullable(records.pools().get("p"))
        .map(ResourcePoolRecord::getUpdatedAt)
        .orElse(0L);
  }
}
