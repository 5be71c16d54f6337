package peloton.store.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import peloton.store.KeyValueStore;
import peloton.store.contract.KeyValueStoreContract;

@DisplayName("The store in memory, answering on threads of its own,")
class MemoryStoreOnThreadsTest extends KeyValueStoreContract {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final MemoryData data = new MemoryData(clock);
  private final ExecutorService threads = Executors.newFixedThreadPool(3);

  @Override
  protected KeyValueStore open() {
    return new MemoryStore(data, threads);
  }

  @Override
  protected void compact(long revision) {
    data.compact(revision);
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
    data.expireLeases();
  }

  @AfterEach
  void stopThreads() {
    threads.shutdown();
  }
}
