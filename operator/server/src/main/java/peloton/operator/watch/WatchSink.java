package peloton.operator.watch;

import com.google.protobuf.ByteString;
import peloton.desired.ApiException;

/** The way to one watching client. Calls never overlap and never block. */
public interface WatchSink {

  /** Whether a message would go out at once instead of being kept in memory. */
  boolean ready();

  /**
   * Sends a message.
   *
   * @param response the bytes of a {@code WatchResponse}
   */
  void send(ByteString response);

  /** Ends the stream; nothing is sent afterwards. */
  void end(ApiException reason);
}
