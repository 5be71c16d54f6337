package peloton.command.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.util.function.LongConsumer;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.watch.Watch.PodFilter;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchRequest;
import peloton.api.v1alpha.watch.svc.WatchSvc.WatchResponse;
import peloton.operator.grpc.BytesMarshaller;

/**
 * A server whose watches are measured. Of its messages only the revisions are read, so that the
 * client costs the same whoever sends.
 *
 * @param requests whether the stream of requests stays open: etcd ends a watch with it
 */
record WatchTarget(
    String name,
    String address,
    MethodDescriptor<ByteString, ByteString> method,
    boolean requests,
    Request request,
    Reading reading) {

  /** The request that begins a watch. */
  interface Request {
    /**
     * @param start the first revision to hear of; 0 for what comes
     */
    ByteString from(long start);
  }

  /** Finds the revisions that a message tells of. */
  interface Reading {
    void read(ByteString message, LongConsumer revisions) throws IOException;
  }

  /** The operator's watch for the pods of a job. */
  static WatchTarget operator(String address, String job) {
    return new WatchTarget(
        "operator",
        address,
        raw(WatchServiceGrpc.getWatchMethod()),
        false,
        start ->
            WatchRequest.newBuilder()
                .setStartRevision(start)
                .setPodFilter(PodFilter.newBuilder().setJobId(JobID.newBuilder().setValue(job)))
                .build()
                .toByteString(),
        WatchTarget::readOperator);
  }

  /** etcd's watch for what begins with a prefix, which ends with a slash. */
  static WatchTarget etcd(String address, String prefix) {
    return new WatchTarget(
        "etcd",
        address,
        raw(WatchGrpc.getWatchMethod()),
        true,
        start ->
            io.etcd.jetcd.api.WatchRequest.newBuilder()
                .setCreateRequest(
                    WatchCreateRequest.newBuilder()
                        .setStartRevision(start)
                        .setKey(ByteString.copyFromUtf8(prefix))
                        .setRangeEnd(ByteString.copyFromUtf8(prefix.replaceFirst("/$", "0"))))
                .build()
                .toByteString(),
        WatchTarget::readEtcd);
  }

  private static MethodDescriptor<ByteString, ByteString> raw(MethodDescriptor<?, ?> method) {
    return method.toBuilder(new BytesMarshaller(), new BytesMarshaller()).build();
  }

  private static void readOperator(ByteString message, LongConsumer revisions) throws IOException {
    CodedInputStream input = message.newCodedInput();
    long revision = 0;
    int tag;
    while ((tag = input.readTag()) != 0) {
      if (WireFormat.getTagFieldNumber(tag) == WatchResponse.REVISION_FIELD_NUMBER) {
        revision = input.readUInt64();
      } else if (WireFormat.getTagFieldNumber(tag) == WatchResponse.PODS_FIELD_NUMBER) {
        revisions.accept(revision);
        return;
      } else {
        input.skipField(tag);
      }
    }
  }

  private static void readEtcd(ByteString message, LongConsumer revisions) throws IOException {
    CodedInputStream input = message.newCodedInput();
    int tag;
    while ((tag = input.readTag()) != 0) {
      if (WireFormat.getTagFieldNumber(tag)
          == io.etcd.jetcd.api.WatchResponse.EVENTS_FIELD_NUMBER) {
        int end = input.pushLimit(input.readRawVarint32());
        readEvent(input, revisions);
        input.popLimit(end);
      } else {
        input.skipField(tag);
      }
    }
  }

  private static void readEvent(CodedInputStream input, LongConsumer revisions) throws IOException {
    int tag;
    while ((tag = input.readTag()) != 0) {
      if (WireFormat.getTagFieldNumber(tag) == Event.KV_FIELD_NUMBER) {
        int end = input.pushLimit(input.readRawVarint32());
        while ((tag = input.readTag()) != 0) {
          if (WireFormat.getTagFieldNumber(tag) == KeyValue.MOD_REVISION_FIELD_NUMBER) {
            revisions.accept(input.readInt64());
          } else {
            input.skipField(tag);
          }
        }
        input.popLimit(end);
      } else {
        input.skipField(tag);
      }
    }
  }
}
