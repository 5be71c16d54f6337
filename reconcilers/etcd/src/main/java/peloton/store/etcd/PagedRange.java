package peloton.store.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import peloton.store.KeyRange;
import peloton.store.Range;
import peloton.store.StoreException;

/**
 * Reads a range page by page at the revision of its first page. Begins again when that revision is
 * compacted on the way, unless the caller asked for it.
 */
final class PagedRange {
  private static final long FIRST_LIMIT = 1_000;
  private static final long MOST = 10_000;
  private static final long PAGE_BYTES = 4 << 20;

  private final Connection connection;
  private final KeyRange keys;
  private final long wanted;
  private final CompletableFuture<Range> result = new CompletableFuture<>();
  private final List<peloton.store.KeyValue> found = new ArrayList<>();
  private long revision;
  private long limit = FIRST_LIMIT;
  private ByteString from;

  private PagedRange(Connection connection, KeyRange keys, long revision) {
    this.connection = connection;
    this.keys = keys;
    this.wanted = revision;
    begin();
  }

  static CompletableFuture<Range> read(Connection connection, KeyRange keys, long revision) {
    PagedRange range = new PagedRange(connection, keys, revision);
    range.ask();
    return range.result;
  }

  private void begin() {
    found.clear();
    revision = wanted;
    from = Requests.start(keys.prefix());
  }

  private void ask() {
    RangeRequest page =
        RangeRequest.newBuilder()
            .setKey(from)
            .setRangeEnd(Requests.end(keys))
            .setRevision(revision)
            .setLimit(limit)
            .build();
    connection
        .send(KVGrpc.getRangeMethod(), page, answer -> answer, cause -> cause)
        .whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                take(answer);
              } else {
                failed(failure);
              }
            });
  }

  private void take(RangeResponse page) {
    if (revision == 0) {
      revision = page.getHeader().getRevision();
    }
    long bytes = 0;
    for (KeyValue kv : page.getKvsList()) {
      found.add(Requests.keyValue(kv));
      bytes += kv.getKey().size() + kv.getValue().size();
    }
    if (!page.getMore()) {
      result.complete(new Range(found, revision));
      return;
    }
    from = Requests.after(page.getKvs(page.getKvsCount() - 1).getKey());
    limit = Math.max(1, Math.min(MOST, PAGE_BYTES * page.getKvsCount() / Math.max(1, bytes)));
    ask();
  }

  private void failed(Throwable cause) {
    if (Failures.isCompacted(cause)) {
      compacted();
    } else if (Status.fromThrowable(cause).getCode() == Status.Code.RESOURCE_EXHAUSTED
        && limit > 1) {
      // Most likely the page is larger than an answer may be.
      limit = Math.max(1, limit / 10);
      ask();
    } else {
      result.completeExceptionally(Failures.of(cause));
    }
  }

  private void compacted() {
    if (wanted == 0) {
      begin();
      ask();
      return;
    }
    CompactionProbe.ask(connection)
        .whenComplete(
            (oldest, failure) ->
                result.completeExceptionally(
                    failure == null ? StoreException.compacted(oldest) : failure));
  }
}
