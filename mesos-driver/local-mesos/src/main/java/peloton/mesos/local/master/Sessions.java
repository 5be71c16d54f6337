package peloton.mesos.local.master;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which framework is subscribed through which stream, for the threads that have to answer a call
 * before the master sees it. The master is the only writer.
 */
public final class Sessions {

  private static final String DISCONNECTED = "";

  private final ConcurrentMap<String, String> streams = new ConcurrentHashMap<>();

  /** What becomes of a call. */
  public enum Verdict {
    ACCEPTED,
    UNKNOWN_FRAMEWORK,
    NOT_SUBSCRIBED,
    NO_STREAM_ID,
    OTHER_STREAM_ID
  }

  /**
   * Judges a call that is not SUBSCRIBE.
   *
   * @param streamId the call's stream id, null when it carries none
   */
  public Verdict judge(String frameworkId, String streamId) {
    var current = streams.get(frameworkId);
    if (current == null) {
      return Verdict.UNKNOWN_FRAMEWORK;
    }
    if (current.equals(DISCONNECTED)) {
      return Verdict.NOT_SUBSCRIBED;
    }
    if (streamId == null) {
      return Verdict.NO_STREAM_ID;
    }
    return current.equals(streamId) ? Verdict.ACCEPTED : Verdict.OTHER_STREAM_ID;
  }

  void connected(String frameworkId, String streamId) {
    streams.put(frameworkId, streamId);
  }

  void disconnected(String frameworkId) {
    streams.put(frameworkId, DISCONNECTED);
  }

  void removed(String frameworkId) {
    streams.remove(frameworkId);
  }
}
