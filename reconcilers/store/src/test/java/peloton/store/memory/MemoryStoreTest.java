package peloton.store.memory;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import peloton.store.KeyValueStore;
import peloton.store.contract.KeyValueStoreContract;

@DisplayName("The store in memory, answering at once,")
class MemoryStoreTest extends KeyValueStoreContract {
  private final ManualClock clock = new ManualClock(Instant.EPOCH);
  private final MemoryData data = new MemoryData(clock);

  @Override
  protected KeyValueStore open() {
    return new MemoryStore(data, Runnable::run);
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
}
