package peloton.command.respool;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import peloton.command.CommandException;

/**
 * Where a pool is in the tree.
 *
 * @param parent the path of the pool above, {@code /} for the root
 * @param name the last element
 */
record PoolPath(String parent, String name) {
  /**
   * Reads {@code /a/b}; a slash at the end is tolerated.
   *
   * @throws CommandException if it is no path, or the root's
   */
  static PoolPath parse(String text) {
    List<String> elements = Stream.of(text.split("/")).filter(part -> !part.isEmpty()).toList();
    if (!text.startsWith("/") || elements.isEmpty() || text.contains("//")) {
      throw CommandException.usage(
          "a resource pool's path begins with a slash and names each pool from the root down,"
              + " e.g. /team/service; found \""
              + text
              + "\"");
    }
    String parent = "/" + String.join("/", elements.subList(0, elements.size() - 1));
    return new PoolPath(parent, elements.get(elements.size() - 1));
  }

  /** The path of a pool by name below a parent. */
  static PoolPath below(Optional<String> parent, String name) {
    return new PoolPath(parent.map(path -> strip(path)).orElse("/"), name);
  }

  private static String strip(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  @Override
  public String toString() {
    return parent.equals("/") ? "/" + name : parent + "/" + name;
  }
}
