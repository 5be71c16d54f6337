package peloton.operator.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.desired.ApiException;

/** A client that keeps what it is sent. */
final class RecordingSink implements WatchSink {
  final List<WatchResponse> messages = new ArrayList<>();
  boolean ready = true;

  /** How many messages it takes before it is not ready. */
  int room = Integer.MAX_VALUE;

  Optional<ApiException> end = Optional.empty();

  @Override
  public boolean ready() {
    return ready && room > 0;
  }

  @Override
  public void send(ByteString response) {
    try {
      room--;
      messages.add(WatchResponse.parseFrom(response));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void end(ApiException reason) {
    if (end.isPresent()) {
      throw new AssertionError("ended twice");
    }
    end = Optional.of(reason);
  }

  /** The messages after the first, as "revision: pods and jobs with their states". */
  List<String> changes() {
    return messages.stream().skip(1).map(RecordingSink::text).toList();
  }

  private static String text(WatchResponse message) {
    StringBuilder text = new StringBuilder().append(message.getRevision()).append(':');
    message
        .getPodsList()
        .forEach(
            pod ->
                text.append(" pod ")
                    .append(pod.getPodName().getValue().substring(37))
                    .append(' ')
                    .append(pod.getStatus().getState().name().substring(10)));
    message
        .getStatelessJobsList()
        .forEach(
            job ->
                text.append(" job ")
                    .append(job.getJobId().getValue().charAt(0))
                    .append(' ')
                    .append(job.getStatus().getState().name().substring(10)));
    return text.toString();
  }
}
