package peloton.loop;

import peloton.api.ids.PodName;
import peloton.records.WaitingGroupRecord;

/** A part of the loops that pods wait at, and that can say why. */
interface WaitingSource {

  /** Names each pod that waits here, with when it began to. */
  void forEachWaiting(Visitor visitor);

  /** Hears of pods that wait. */
  interface Visitor {
    /**
     * A pod waits.
     *
     * @param since Unix nanoseconds
     * @param cause equal for pods that wait for the same reason; asked for that with {@link #why}
     */
    void waits(PodName pod, long since, Object cause);
  }

  /** The reason: stage, name, words, tests. The rest of the record is filled in by others. */
  WaitingGroupRecord why(Object cause);
}
