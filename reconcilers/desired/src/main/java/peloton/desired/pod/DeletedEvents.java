package peloton.desired.pod;

import java.util.List;
import java.util.Map;
import peloton.records.PodEventRecord;
import peloton.records.PodGoalRecord;
import peloton.records.PodRecord;

/**
 * Which events of a run are still to be seen. Events are the leader's records, so a client cannot
 * delete them; it marks them, readers leave out what is marked, and the leader deletes it.
 */
public final class DeletedEvents {
  /** The mark of a run that is over: all of its events. */
  static final long ALL = Long.MAX_VALUE;

  /**
   * Past runs kept of one pod, as Peloton does: a pod that fails for ever must not fill etcd. Marks
   * of older ones are of no use.
   */
  public static final int RUNS_KEPT = 100;

  private DeletedEvents() {}

  /** The runs that were over when all of their events were deleted. */
  public static List<Long> wholeRuns(PodGoalRecord own) {
    return own.getEventsDeletedCount() == 0
        ? List.of()
        : own.getEventsDeletedMap().entrySet().stream()
            .filter(mark -> mark.getValue() == ALL)
            .map(Map.Entry::getKey)
            .toList();
  }

  /** Adds the mark of a run, and drops those of runs that are not kept any more. */
  static PodGoalRecord marked(PodGoalRecord own, long run, long until, long currentRun) {
    PodGoalRecord.Builder marked = own.toBuilder().putEventsDeleted(run, until);
    own.getEventsDeletedMap().keySet().stream()
        .filter(old -> old < currentRun - RUNS_KEPT)
        .forEach(marked::removeEventsDeleted);
    return marked.build();
  }

  /**
   * The events of a run that nobody deleted, oldest first.
   *
   * @param own what was asked of the pod, or null if nothing was
   */
  public static List<PodEventRecord> visible(PodGoalRecord own, PodRecord run) {
    long deleted = own == null ? 0 : own.getEventsDeletedOrDefault(run.getRun(), 0);
    return deleted == 0
        ? run.getEventsList()
        : run.getEventsList().stream().filter(event -> event.getAt() > deleted).toList();
  }
}
