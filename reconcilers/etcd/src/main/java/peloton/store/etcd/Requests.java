package peloton.store.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import peloton.store.KeyRange;
import peloton.store.KeyValue;
import peloton.store.Txn;

/** The port's terms in etcd's. */
final class Requests {
  /** As a key: the first of all. As the end of a range: no end. */
  private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

  private Requests() {}

  static TxnRequest txn(Txn txn) {
    TxnRequest.Builder request = TxnRequest.newBuilder();
    txn.guards().forEach(guard -> request.addCompare(compare(guard)));
    txn.writes().forEach(write -> request.addSuccess(operation(write)));
    return request.build();
  }

  static RangeRequest get(String key) {
    return RangeRequest.newBuilder().setKey(bytes(key)).build();
  }

  /** Reads nothing, and so asks for the revision alone. */
  static RangeRequest revision() {
    return RangeRequest.newBuilder().setKey(ZERO).setCountOnly(true).build();
  }

  static KeyValue keyValue(io.etcd.jetcd.api.KeyValue kv) {
    return new KeyValue(
        kv.getKey().toStringUtf8(),
        kv.getValue(),
        kv.getCreateRevision(),
        kv.getModRevision(),
        kv.getVersion());
  }

  static ByteString bytes(String key) {
    return ByteString.copyFromUtf8(key);
  }

  /** Where a range over a prefix begins. */
  static ByteString start(String prefix) {
    return prefix.isEmpty() ? ZERO : bytes(prefix);
  }

  /** Where a range ends: the first key after it. */
  static ByteString end(KeyRange keys) {
    return keys.end().map(Requests::bytes).orElseGet(() -> end(keys.prefix()));
  }

  /** The first key after all that begin with a prefix. */
  static ByteString end(String prefix) {
    byte[] end = bytes(prefix).toByteArray();
    for (int i = end.length - 1; i >= 0; i--) {
      if (end[i] != (byte) 0xff) {
        end[i]++;
        return ByteString.copyFrom(end, 0, i + 1);
      }
    }
    return ZERO;
  }

  /** The first key after another. */
  static ByteString after(ByteString key) {
    return key.concat(ZERO);
  }

  private static Compare compare(Txn.Guard guard) {
    Compare.Builder compare =
        Compare.newBuilder().setKey(bytes(guard.key())).setResult(Compare.CompareResult.EQUAL);
    if (guard instanceof Txn.Guard.Absent) {
      return compare.setTarget(Compare.CompareTarget.CREATE).setCreateRevision(0).build();
    }
    if (guard instanceof Txn.Guard.ModRevision mod) {
      return compare.setTarget(Compare.CompareTarget.MOD).setModRevision(mod.revision()).build();
    }
    if (guard instanceof Txn.Guard.CreateRevision create) {
      return compare
          .setTarget(Compare.CompareTarget.CREATE)
          .setCreateRevision(create.revision())
          .build();
    }
    return compare
        .setTarget(Compare.CompareTarget.VERSION)
        .setVersion(((Txn.Guard.Version) guard).version())
        .build();
  }

  private static RequestOp operation(Txn.Write write) {
    RequestOp.Builder operation = RequestOp.newBuilder();
    if (write instanceof Txn.Write.Put put) {
      return operation
          .setRequestPut(
              PutRequest.newBuilder()
                  .setKey(bytes(put.key()))
                  .setValue(put.value())
                  .setLease(put.lease()))
          .build();
    }
    if (write instanceof Txn.Write.Delete delete) {
      return operation
          .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(bytes(delete.key())))
          .build();
    }
    String prefix = ((Txn.Write.DeletePrefix) write).prefix();
    return operation
        .setRequestDeleteRange(
            DeleteRangeRequest.newBuilder().setKey(start(prefix)).setRangeEnd(end(prefix)))
        .build();
  }
}
