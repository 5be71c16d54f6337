package peloton.desired.pool;

import java.util.Map;
import peloton.store.view.Records;

/** Says what the pods in a pool use that nobody may take from them. */
public interface ReservedUse {
  /** The sums by kind, as in a pool's specification; a kind that is not there is not used. */
  Map<String, Double> of(Records records, String pool);
}
