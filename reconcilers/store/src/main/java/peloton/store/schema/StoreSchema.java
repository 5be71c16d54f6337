package peloton.store.schema;

import java.util.Optional;
import peloton.records.SchemaRecord;

/**
 * The schema of the records, as this version writes them. It is raised only for what an older
 * version would misread although fields are only ever added; whatever else is new, older versions
 * keep as fields that they do not know.
 */
public final class StoreSchema {

  /** What this version writes, and the newest that it reads. */
  public static final int VERSION = 1;

  private StoreSchema() {}

  /**
   * Why this version must not write the records that it finds; empty if it may.
   *
   * @param found the record of the cluster; empty in one that nobody has written yet
   */
  public static Optional<String> problem(Optional<SchemaRecord> found) {
    return found
        .filter(schema -> schema.getVersion() > VERSION)
        .map(
            schema ->
                "the records in etcd have schema "
                    + schema.getVersion()
                    + ", written by release "
                    + schema.getRelease()
                    + "; this release knows schema "
                    + VERSION
                    + " and writes nothing: run release "
                    + schema.getRelease()
                    + " or a later one, or restore a backup that was made before it");
  }
}
