package peloton.store;

import com.google.protobuf.ByteString;

/** A key with its value and its place in history. */
public record KeyValue(
    String key, ByteString value, long createRevision, long modRevision, long version) {}
