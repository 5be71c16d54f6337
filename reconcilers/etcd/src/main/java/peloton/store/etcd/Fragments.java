package peloton.store.etcd;

import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchResponse;

/**
 * Watch answers in fragments, which etcd has had since 3.4 and jetcd's protocol classes do not
 * name. Without them one answer holds up to 1,000 revisions, which may be more than any limit on
 * the size of an answer lets in, on every attempt anew.
 */
final class Fragments {
  /** {@code WatchCreateRequest.fragment} of etcd's rpc.proto. */
  private static final int WANTED = 8;

  /** {@code WatchResponse.fragment}. */
  private static final int MORE_FOLLOW = 7;

  private static final UnknownFieldSet ASK =
      UnknownFieldSet.newBuilder()
          .addField(WANTED, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
          .build();

  private Fragments() {}

  static WatchCreateRequest wanted(WatchCreateRequest.Builder request) {
    return request.setUnknownFields(ASK).build();
  }

  /** Whether another answer goes on where this one ends. */
  static boolean moreFollow(WatchResponse response) {
    return response.getUnknownFields().getField(MORE_FOLLOW).getVarintList().contains(1L);
  }
}
