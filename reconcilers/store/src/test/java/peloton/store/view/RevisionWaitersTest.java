package peloton.store.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import peloton.store.StoreException;

class RevisionWaitersTest {
  private final AtomicLong applied = new AtomicLong(10);
  private final RevisionWaiters waiters = new RevisionWaiters(applied::get);

  @Test
  void whatIsAppliedNeedsNoWait() {
    assertThat(waiters.await(10)).isCompleted();
    assertThat(waiters.size()).isZero();
  }

  @Test
  void aRevisionAppliedJustBeforeTheWaiterWasSetDownIsNotMissed() {
    AtomicLong racing = new AtomicLong(9);
    RevisionWaiters raced = new RevisionWaiters(racing::incrementAndGet);

    assertThat(raced.await(11)).isCompleted();
    assertThat(raced.size()).isZero();
  }

  @Test
  void whoGivesUpIsForgotten() {
    CompletableFuture<Void> cancelled = waiters.await(11);
    CompletableFuture<Void> kept = waiters.await(11);
    waiters.await(12).completeExceptionally(new TimeoutException());
    cancelled.cancel(false);
    assertThat(waiters.size()).isEqualTo(1);

    applied.set(20);
    waiters.release();
    assertThat(kept).isCompleted();
    assertThat(waiters.size()).isZero();
  }

  @Test
  void nobodyIsForgottenWhenManyComeWhileRevisionsAreApplied() throws Exception {
    List<CompletableFuture<CompletableFuture<Void>>> asked = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      long revision = 10 + i;
      asked.add(CompletableFuture.supplyAsync(() -> waiters.await(revision)));
      applied.incrementAndGet();
      waiters.release();
    }
    for (CompletableFuture<CompletableFuture<Void>> future : asked) {
      future.get(90, TimeUnit.SECONDS).get(90, TimeUnit.SECONDS);
    }
    assertThat(waiters.size()).isZero();
  }

  @Test
  void theEndFailsWhoWaitsAndWhoComesAfter() {
    CompletableFuture<Void> before = waiters.await(11);
    waiters.end(new StoreException(StoreException.Code.UNAVAILABLE, "over"));

    assertThat(before).isCompletedExceptionally();
    assertThat(waiters.await(11)).isCompletedExceptionally();
    assertThat(waiters.await(10)).isCompleted();
    assertThat(waiters.size()).isZero();
  }
}
