package peloton.command.output;

/** The forms of a result. Lower case, as they are typed on the command line. */
public enum Format {
  /** Aligned columns, for people. */
  TABLE,
  /** The API's messages as JSON, with the field names of the .proto files and defaults shown. */
  JSON,
  /** The same as YAML. */
  YAML;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
