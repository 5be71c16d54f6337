package peloton.pod;

/** What an instance should come to. */
public enum PodGoal {
  /** A run of it is alive, on the configuration version that it should be on. */
  RUN,
  /** No run of it is alive; its record stays. */
  STOP,
  /** No run of it is alive and its record is gone. */
  REMOVE
}
