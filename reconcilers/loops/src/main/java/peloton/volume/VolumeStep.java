package peloton.volume;

/** What is done about something that an offer shows of a volume. */
public enum VolumeStep {
  /** It is as it should be. */
  KEEP,
  /**
   * The volume is there for the first time, or on another host than thought: to be written down.
   */
  CONFIRM,
  /** It is destroyed, if it is a volume, and its disk goes back to everybody. */
  UNDO,
  /** Nobody knows whose data it is: left alone, and said to people. */
  REPORT
}
