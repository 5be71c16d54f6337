package peloton.store.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peloton.records.SchemaRecord;
import peloton.store.ManualExecutor;
import peloton.store.ManualTimers;
import peloton.store.Txn;
import peloton.store.memory.MemoryData;
import peloton.store.memory.MemoryStore;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordKey;
import peloton.store.view.StoreView;
import peloton.store.view.StoreViewSettings;

class SchemaKeeperTest {
  private final ManualTimers timers = new ManualTimers();
  private final ManualExecutor executor = new ManualExecutor();
  private final Keyspace keys = new Keyspace(Keyspace.DEFAULT_PREFIX);
  private final MemoryStore store = new MemoryStore(new MemoryData(timers.clock()), executor);
  private final StoreView view =
      new StoreView(store, keys, executor, timers, StoreViewSettings.defaults());
  private final List<String> problems = new ArrayList<>();

  @Test
  void aClusterWithoutOneGetsTheSchemaOfThisRelease() {
    follow();
    assertThat(view.records().schema()).map(SchemaRecord::getVersion).contains(1);
    assertThat(view.records().schema()).map(SchemaRecord::getRelease).contains("1.2.3");
    assertThat(problems).isEmpty();
  }

  @Test
  void theSchemaThatIsThereStays() {
    SchemaRecord older = schema(1, "0.9.0");
    put(older);
    follow();
    assertThat(view.records().schema()).contains(older);
    assertThat(problems).isEmpty();
  }

  @Test
  void aNewerSchemaIsLeftAloneAndTold() {
    SchemaRecord newer = schema(2, "2.0.0");
    put(newer);
    follow();
    assertThat(view.records().schema()).contains(newer);
    assertThat(problems)
        .containsExactly(
            "the records in etcd have schema 2, written by release 2.0.0; this release knows schema"
                + " 1 and writes nothing: run release 2.0.0 or a later one, or restore a backup"
                + " that was made before it");
  }

  @Test
  void aSchemaThatIsRaisedMeanwhileIsToldOnce() {
    follow();
    put(schema(2, "2.0.0"));
    put(schema(2, "2.0.1"));
    assertThat(problems).singleElement().asString().contains("release 2.0.0;");
  }

  @Test
  void noSchemaIsTheFirst() {
    assertThat(StoreSchema.problem(Optional.empty())).isEmpty();
  }

  private void follow() {
    view.attach(new SchemaKeeper(store, keys, "1.2.3", timers.clock(), problems::add));
    view.start();
    executor.runAll();
  }

  private void put(SchemaRecord record) {
    store.commit(new Txn(List.of(), List.of(keys.put(new RecordKey.Schema(), record))));
    executor.runAll();
  }

  private static SchemaRecord schema(int version, String release) {
    return SchemaRecord.newBuilder().setVersion(version).setRelease(release).build();
  }
}
