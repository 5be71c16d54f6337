package peloton.operator.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import peloton.api.v1alpha.query.Query.Pagination;
import peloton.api.v1alpha.query.Query.PaginationSpec;

/**
 * Which part of the results is wanted.
 *
 * @param from the first result, from 0
 * @param to one above the last
 * @param most results that are looked at in all
 */
record Page(long from, long to, long most) {
  private static final long DEFAULT_LIMIT = 10;

  /**
   * Reads a request's.
   *
   * @param mostByDefault what a max_limit of 0 means
   */
  static Page of(PaginationSpec spec, long mostByDefault) {
    long limit = Integer.toUnsignedLong(spec.getLimit());
    long most = Integer.toUnsignedLong(spec.getMaxLimit());
    long bound = most == 0 ? mostByDefault : most;
    long from = Math.min(Integer.toUnsignedLong(spec.getOffset()), bound);
    return new Page(from, Math.min(from + (limit == 0 ? DEFAULT_LIMIT : limit), bound), bound);
  }

  /** The page as the answer says it: as asked for, and with how many results there are. */
  Pagination answer(PaginationSpec spec, long matches) {
    return Pagination.newBuilder()
        .setOffset(spec.getOffset())
        .setLimit(spec.getLimit())
        .setTotal((int) Math.min(matches, most))
        .build();
  }

  /**
   * The page of results that come in the wanted order already.
   *
   * @param ahead how many results there are before the first of these
   */
  <T> List<T> cut(Iterable<T> ordered, long ahead) {
    List<T> page = new ArrayList<>();
    long position = ahead;
    for (T item : ordered) {
      if (position >= to) {
        break;
      }
      if (position >= from) {
        page.add(item);
      }
      position++;
    }
    return page;
  }

  /** Keeps the smallest results up to the page's end, however many are offered. */
  <T> Selection<T> selection(Comparator<T> order) {
    return new Selection<>(this, order);
  }

  /** See {@link #selection}. */
  static final class Selection<T> {
    private final Page page;
    private final Comparator<T> order;
    private final PriorityQueue<T> kept;
    private long offered;

    private Selection(Page page, Comparator<T> order) {
      this.page = page;
      this.order = order;
      this.kept = new PriorityQueue<>(order.reversed());
    }

    void offer(T item) {
      offered++;
      if (kept.size() < page.to()) {
        kept.add(item);
      } else if (!kept.isEmpty() && order.compare(item, kept.peek()) < 0) {
        kept.poll();
        kept.add(item);
      }
    }

    /** How many were offered. */
    long matches() {
      return offered;
    }

    List<T> page() {
      List<T> ordered = new ArrayList<>(kept);
      ordered.sort(order);
      return page.cut(ordered, 0);
    }
  }
}
