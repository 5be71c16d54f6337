package peloton.scenario;

/** Counts the moments at which a process can die with an effect, and picks one of them. */
final class CrashPoints {
  private long chosen;
  private long passed;
  private String where = "nowhere";

  private CrashPoints(long chosen) {
    this.chosen = chosen;
  }

  /** Only counts. */
  static CrashPoints none() {
    return new CrashPoints(-1);
  }

  /** Dies at one of them, counted from 0. */
  static CrashPoints at(long chosen) {
    return new CrashPoints(chosen);
  }

  /** Dies after passing this many more. */
  void arm(long more) {
    chosen = passed + more;
  }

  boolean isHere(String place) {
    boolean here = passed++ == chosen;
    if (here) {
      where = place;
    }
    return here;
  }

  long passed() {
    return passed;
  }

  String where() {
    return where;
  }
}
