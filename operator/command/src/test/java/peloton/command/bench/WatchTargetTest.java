package peloton.command.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.ResponseHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.pod.Pod.PodSummary;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;

class WatchTargetTest {
  @Test
  void aMessageOfTheOperatorHasOneRevisionIfAnythingChanged() throws IOException {
    WatchTarget operator = WatchTarget.operator("here:1", "job");
    WatchResponse first = WatchResponse.newBuilder().setWatchId(1).setRevision(7).build();

    assertThat(revisions(operator, first)).isEmpty();
    assertThat(
            revisions(operator, first.toBuilder().addPods(PodSummary.getDefaultInstance()).build()))
        .containsExactly(7L);
  }

  @Test
  void aMessageOfEtcdHasTheRevisionOfEachOfItsEvents() throws IOException {
    WatchTarget etcd = WatchTarget.etcd("here:1", "/prefix/");

    assertThat(
            revisions(
                etcd,
                io.etcd.jetcd.api.WatchResponse.newBuilder()
                    .setHeader(ResponseHeader.newBuilder().setRevision(9))
                    .addEvents(event(8))
                    .addEvents(event(9))
                    .build()))
        .containsExactly(8L, 9L);
  }

  private static Event event(long revision) {
    return Event.newBuilder()
        .setKv(
            KeyValue.newBuilder()
                .setKey(ByteString.copyFromUtf8("/prefix/1"))
                .setCreateRevision(2)
                .setModRevision(revision)
                .setValue(ByteString.copyFromUtf8("value")))
        .build();
  }

  private static List<Long> revisions(WatchTarget target, MessageLite message) throws IOException {
    List<Long> revisions = new ArrayList<>();
    target.reading().read(message.toByteString(), revisions::add);
    return revisions;
  }
}
