package peloton.command.client;

import java.util.ArrayList;
import java.util.List;
import peloton.api.v1alpha.query.Query.OrderBy;
import peloton.api.v1alpha.query.Query.Pagination;
import peloton.api.v1alpha.query.Query.PaginationSpec;
import peloton.api.v1alpha.query.Query.PropertyPath;
import peloton.command.CommandException;
import picocli.CommandLine.Option;

/** Which page of the results of a query, and in which order. */
public final class QueryOptions {
  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "100",
      description = "The most results to show; default ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "How many results to skip; default 0.")
  private int offset;

  @Option(
      names = {"-p", "--sort"},
      paramLabel = "PROPERTY",
      split = ",",
      description = "What to sort by, e.g. creation_time or name,state.")
  private List<String> properties = List.of();

  @Option(
      names = {"-a", "--order"},
      paramLabel = "ASC|DESC",
      description = "The order of --sort.")
  private Direction direction;

  /** Up or down; upper case as it is typed. */
  public enum Direction {
    /** Smallest first. */
    ASC,
    /** Greatest first. */
    DESC
  }

  /**
   * The page.
   *
   * @param property to sort by if the command line names none
   * @param order of {@code property} and of those of the command line if it names none
   * @throws CommandException on a negative number
   */
  public PaginationSpec.Builder page(String property, Direction order) {
    PaginationSpec.Builder page =
        PaginationSpec.newBuilder()
            .setLimit(Numbers.notNegative("--limit", limit))
            .setOffset(Numbers.notNegative("--offset", offset));
    List<String> keys = new ArrayList<>(properties.isEmpty() ? List.of(property) : properties);
    keys.removeIf(String::isBlank);
    for (String key : keys) {
      page.addOrderBy(
          OrderBy.newBuilder()
              .setProperty(PropertyPath.newBuilder().setValue(key.strip()))
              .setOrder(
                  (direction == null ? order : direction) == Direction.ASC
                      ? OrderBy.Order.ORDER_BY_ASC
                      : OrderBy.Order.ORDER_BY_DESC));
    }
    return page;
  }

  /** What people read below a page that is not all there is; empty below all there is. */
  public static String rest(Pagination page, int shown) {
    long total = Integer.toUnsignedLong(page.getTotal());
    if (shown == 0 || (page.getOffset() == 0 && shown >= total)) {
      return "";
    }
    long first = Integer.toUnsignedLong(page.getOffset()) + 1;
    return "Results " + first + " to " + (first + shown - 1) + " of " + total;
  }
}
