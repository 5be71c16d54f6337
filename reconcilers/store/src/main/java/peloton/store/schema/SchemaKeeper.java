package peloton.store.schema;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.records.SchemaRecord;
import peloton.store.KeyValueStore;
import peloton.store.Txn;
import peloton.store.view.Keyspace;
import peloton.store.view.RecordChange;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;
import peloton.store.view.ViewListener;

/**
 * Follows a view for the schema: writes it into a cluster that has none, and tells when another
 * release has raised it above what this one knows.
 */
public final class SchemaKeeper implements ViewListener {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaKeeper.class);

  private final KeyValueStore store;
  private final Keyspace keyspace;
  private final String release;
  private final InstantSource clock;
  private final Consumer<String> tooNew;

  // What follows belongs to the view's thread.
  private Optional<String> problem = Optional.empty();

  /**
   * @param release what this process calls itself
   * @param tooNew told once, on the view's thread, why this process must write nothing
   */
  public SchemaKeeper(
      KeyValueStore store,
      Keyspace keyspace,
      String release,
      InstantSource clock,
      Consumer<String> tooNew) {
    this.store = store;
    this.keyspace = keyspace;
    this.release = release;
    this.clock = clock;
    this.tooNew = tooNew;
  }

  @Override
  public void onSnapshot(Records records, long revision) {
    judge(records.schema());
    if (revision > 0 && records.schema().isEmpty()) {
      write();
    }
  }

  @Override
  public void onChanges(List<RecordChange> changes, long revision) {
    for (RecordChange change : changes) {
      if (change.key() instanceof RecordKey.Schema) {
        judge(change.value().map(SchemaRecord.class::cast));
      }
    }
  }

  private void judge(Optional<SchemaRecord> found) {
    Optional<String> before = problem;
    problem = StoreSchema.problem(found);
    if (before.isEmpty() && problem.isPresent()) {
      LOG.error("{}", problem.get());
      tooNew.accept(problem.get());
    }
  }

  /** No record means the first schema, so that a lost write costs nothing. */
  private void write() {
    RecordKey.Schema key = new RecordKey.Schema();
    Instant now = clock.instant();
    SchemaRecord record =
        SchemaRecord.newBuilder()
            .setVersion(StoreSchema.VERSION)
            .setRelease(release)
            .setWrittenAt(now.getEpochSecond() * 1_000_000_000L + now.getNano())
            .build();
    store
        .commit(
            new Txn(
                List.of(new Txn.Guard.Absent(keyspace.key(key))),
                List.of(keyspace.put(key, record))))
        .exceptionally(
            failure -> {
              LOG.warn("the schema of the records is not written down: {}", failure.getMessage());
              return null;
            });
  }
}
