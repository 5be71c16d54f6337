package peloton.operator.query;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import peloton.api.v1alpha.query.Query.OrderBy;
import peloton.desired.ApiException;

/** Reads what results are to be ordered by. */
final class Orders {
  private Orders() {}

  /**
   * An order.
   *
   * @param name the same for the same order, however the request wrote it
   */
  record Order<T>(String name, Comparator<T> comparator) {}

  /**
   * The order of a request: its first property decides, each next one breaks ties.
   *
   * @param properties the comparators by name, in snake case
   * @return empty if nothing is asked for
   * @throws ApiException INVALID_ARGUMENT for a property or an order that there is not
   */
  static <T> Optional<Order<T>> read(List<OrderBy> orders, Map<String, Comparator<T>> properties) {
    Comparator<T> all = null;
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < orders.size(); i++) {
      OrderBy order = orders.get(i);
      Comparator<T> one = one("spec.pagination.order_by[" + i + "]", order, properties);
      all = all == null ? one : all.thenComparing(one);
      name.append(order.getOrder() == OrderBy.Order.ORDER_BY_DESC ? '-' : '+')
          .append(name(order.getProperty().getValue()));
    }
    return all == null ? Optional.empty() : Optional.of(new Order<>(name.toString(), all));
  }

  private static <T> Comparator<T> one(
      String field, OrderBy order, Map<String, Comparator<T>> properties) {
    String path = order.getProperty().getValue();
    Comparator<T> comparator = properties.get(name(path));
    if (comparator == null) {
      throw new ApiException(
          ApiException.Code.INVALID_ARGUMENT,
          field
              + ".property: nothing can be ordered by \""
              + shortened(path)
              + "\"; allowed: "
              + String.join(", ", new TreeSet<>(properties.keySet())));
    }
    return switch (order.getOrder()) {
      case ORDER_BY_INVALID, ORDER_BY_ASC -> comparator;
      case ORDER_BY_DESC -> comparator.reversed();
      case UNRECOGNIZED ->
          throw new ApiException(
              ApiException.Code.INVALID_ARGUMENT,
              field
                  + ".order: "
                  + order.getOrderValue()
                  + " is no order; allowed: ORDER_BY_ASC (1), ORDER_BY_DESC (2)");
    };
  }

  /** The last name of a path, such as creation_time of runtime.creationTime. */
  private static String name(String path) {
    return path.substring(path.lastIndexOf('.') + 1)
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
