package peloton.operator.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import peloton.api.v1alpha.peloton.Peloton.Label;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;

/** What changed at one revision, encoded once for every watcher. */
record Publication(long revision, List<PodChange> pods, List<JobChange> jobs) {
  Publication {
    pods = List.copyOf(pods);
    jobs = List.copyOf(jobs);
  }

  /** A pod as it is now, as a piece of a {@code WatchResponse}. */
  record PodChange(String job, int instance, List<Label> labels, ByteString piece) {}

  /** A job as it is now, as a piece of a {@code WatchResponse}. */
  record JobChange(String job, List<Label> labels, ByteString piece) {}

  static ByteString podPiece(MessageLite summary) {
    return piece(WatchResponse.PODS_FIELD_NUMBER, summary);
  }

  static ByteString jobPiece(MessageLite summary) {
    return piece(WatchResponse.STATELESS_JOBS_FIELD_NUMBER, summary);
  }

  /** One field with its tag: messages are valid when such pieces are put one after the other. */
  private static ByteString piece(int field, MessageLite message) {
    byte[] bytes = new byte[CodedOutputStream.computeMessageSize(field, message)];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeMessage(field, message);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return com.google.protobuf.UnsafeByteOperations.unsafeWrap(bytes);
  }
}
