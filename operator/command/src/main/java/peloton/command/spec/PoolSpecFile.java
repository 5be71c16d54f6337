package peloton.command.spec;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;

/**
 * One resource pool as a spec file describes it.
 *
 * @param spec as written, without a parent unless the file gives the parent's id
 * @param path where the pool shall be, from the file's {@code path:}
 * @param parentPath the parent's path, from a {@code parent:} that begins with a slash
 */
public record PoolSpecFile(
    ResourcePoolSpec spec, Optional<String> path, Optional<String> parentPath) {
  private static final String PATH = "path";
  private static final String PARENT = "parent";

  /**
   * Reads every pool of a file.
   *
   * @param file a path or {@code -}
   * @throws SpecException if it cannot be read or names what a pool does not have
   */
  public static List<PoolSpecFile> readAll(String file, InputStream standardInput) {
    return SpecDocument.readAll(file, standardInput).stream().map(PoolSpecFile::read).toList();
  }

  /** As {@link #readAll}, from text that is at hand; {@code source} names it in errors. */
  public static List<PoolSpecFile> parseAll(String source, String text) {
    return SpecDocument.parseAll(source, text).stream().map(PoolSpecFile::read).toList();
  }

  private static PoolSpecFile read(SpecDocument document) {
    Optional<String> path = document.text(PATH);
    Optional<String> parent = document.text(PARENT).filter(text -> text.startsWith("/"));
    SpecDocument rest = path.isPresent() ? document.without(PATH) : document;
    rest = parent.isPresent() ? rest.without(PARENT) : rest;
    return new PoolSpecFile(
        new MessageReader().read(rest, ResourcePoolSpec.newBuilder()).build(), path, parent);
  }
}
