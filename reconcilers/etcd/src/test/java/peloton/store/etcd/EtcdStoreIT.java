package peloton.store.etcd;

import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.KVGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import peloton.store.KeyValueStore;
import peloton.store.contract.KeyValueStoreContract;

@DisplayName("The store on etcd")
class EtcdStoreIT extends KeyValueStoreContract {
  private static EtcdProcess etcd;
  private static Connection admin;

  @BeforeAll
  static void startEtcd() {
    etcd = EtcdProcess.start();
    admin = new Connection(settings());
  }

  @AfterAll
  static void stopEtcd() {
    admin.close();
    etcd.close();
  }

  private static EtcdSettings settings() {
    return EtcdSettings.of(List.of(etcd.endpoint()));
  }

  @Override
  protected KeyValueStore open() {
    return EtcdStore.connect(settings());
  }

  @Override
  protected void compact(long revision) {
    await(
        admin.call(
            KVGrpc.getCompactMethod(),
            CompactionRequest.newBuilder().setRevision(revision).build(),
            answer -> answer));
  }

  /** Real time: etcd has no other. */
  @Override
  protected void pass(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
