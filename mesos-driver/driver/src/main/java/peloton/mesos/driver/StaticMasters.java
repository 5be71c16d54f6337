package peloton.mesos.driver;

import java.util.Arrays;
import java.util.List;

/**
 * Masters that the configuration lists.
 *
 * @param masters at least one, in the order in which they are tried
 */
public record StaticMasters(List<MasterAddress> masters) implements MasterDetector {

  /** Copies the list. */
  public StaticMasters {
    masters = List.copyOf(masters);
    if (masters.isEmpty()) {
      throw new IllegalArgumentException("no Mesos master is given: list at least one host:port");
    }
  }

  /**
   * Reads a comma-separated list of {@code host:port}.
   *
   * @throws IllegalArgumentException when an entry is no address, or there is none
   */
  public static StaticMasters parse(String list) {
    return new StaticMasters(
        Arrays.stream(list.split(","))
            .map(String::strip)
            .filter(entry -> !entry.isEmpty())
            .map(MasterAddress::parse)
            .toList());
  }
}
