package peloton.operator.grpc;

import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** Cuts a row of messages into lists that are cheap to send and safe to receive. */
final class Batches<T extends MessageLite> implements Iterator<List<T>> {
  /** Most messages in a list. */
  static final int MAX_COUNT = 200;

  /** Size at which a list is full, in bytes; clients refuse messages of over 4 MiB. */
  static final int MAX_BYTES = 1 << 20;

  private final Iterator<T> items;

  Batches(Iterator<T> items) {
    this.items = items;
  }

  /** Each list as something else. */
  <R> Iterator<R> map(Function<List<T>, R> mapper) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return Batches.this.hasNext();
      }

      @Override
      public R next() {
        return mapper.apply(Batches.this.next());
      }
    };
  }

  @Override
  public boolean hasNext() {
    return items.hasNext();
  }

  @Override
  public List<T> next() {
    if (!items.hasNext()) {
      throw new NoSuchElementException();
    }
    List<T> batch = new ArrayList<>();
    int bytes = 0;
    while (items.hasNext() && batch.size() < MAX_COUNT && bytes < MAX_BYTES) {
      T item = items.next();
      batch.add(item);
      bytes += item.getSerializedSize();
    }
    return batch;
  }
}
