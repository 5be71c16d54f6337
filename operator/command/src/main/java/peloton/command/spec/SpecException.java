package peloton.command.spec;

/** A spec file that cannot be read, told so that its author can find the place and repair it. */
public final class SpecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private SpecException(String message, Throwable cause) {
    super(message, cause);
  }

  /** An error without a place in the file, e.g. a file that is not there. */
  public static SpecException of(String source, String problem) {
    return new SpecException(source + ": " + problem, null);
  }

  /** As {@link #of}, after another failure. */
  public static SpecException of(String source, String problem, Throwable cause) {
    return new SpecException(source + ": " + problem, cause);
  }

  static SpecException at(Place place, String path, String problem) {
    String field = path.isEmpty() ? "" : path + ": ";
    return new SpecException(place + ": " + field + problem, null);
  }

  /**
   * A place in a spec.
   *
   * @param source the file's name, or {@code -} for standard input
   * @param line from 1
   * @param column from 1
   */
  record Place(String source, int line, int column) {
    @Override
    public String toString() {
      return source + ":" + line + ":" + column;
    }
  }
}
