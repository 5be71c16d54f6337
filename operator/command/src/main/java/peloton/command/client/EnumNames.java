package peloton.command.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import peloton.command.CommandException;

/** Values of the API's enumerations as people write them: {@code running}, {@code RUNNING}. */
public final class EnumNames {
  private EnumNames() {}

  /**
   * Reads names, with or without the prefix that all names of the type have, in any case, with
   * underscores, dashes or neither between words.
   *
   * @param what named in the error
   * @param prefix e.g. {@code POD_STATE_}; may be empty
   * @throws CommandException on another name
   */
  public static <E extends Enum<E>> List<E> parse(
      String what, Class<E> type, String prefix, List<String> names) {
    List<E> values = new ArrayList<>();
    for (String name : names) {
      values.add(
          Arrays.stream(type.getEnumConstants())
              .filter(value -> isMeant(value))
              .filter(
                  value ->
                      plain(name).equals(plain(value.name()))
                          || plain(name).equals(plain(strip(value.name(), prefix))))
              .findFirst()
              .orElseThrow(
                  () ->
                      CommandException.usage(
                          what
                              + " \""
                              + name
                              + "\" does not exist; there are "
                              + Arrays.stream(type.getEnumConstants())
                                  .filter(EnumNames::isMeant)
                                  .map(value -> strip(value.name(), prefix))
                                  .collect(Collectors.joining(", ")))));
    }
    return values;
  }

  /** Leaves out the zero value that means nothing, and the one for numbers without a name. */
  private static boolean isMeant(Enum<?> value) {
    return !value.name().equals("UNRECOGNIZED") && !value.name().endsWith("_INVALID");
  }

  private static String strip(String name, String prefix) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }

  private static String plain(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }
}
