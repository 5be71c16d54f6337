package peloton.operator.grpc;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The methods of {@code docs/COMPATIBILITY.md}, as {@code Service/Method}. */
final class CompatibilityTable {
  private static final Pattern HEADING = Pattern.compile("### (\\w+Service)");
  private static final Pattern CODE = Pattern.compile("`(\\w+)`");

  private CompatibilityTable() {}

  /** What the page says of a method. */
  record Row(String behaviour, Set<Status.Code> codes, List<String> tests) {}

  static Map<String, Row> read() {
    Map<String, Row> rows = new TreeMap<>();
    String service = "";
    try {
      for (String line : Files.readAllLines(root().resolve("docs/COMPATIBILITY.md"))) {
        Matcher heading = HEADING.matcher(line);
        if (line.startsWith("#")) {
          service = heading.matches() ? heading.group(1) : "";
        }
        String[] cells = line.split("\\|", -1);
        if (service.isEmpty() || cells.length != 7 || !cells[1].strip().matches("[A-Z]\\w+")) {
          continue;
        }
        Row before =
            rows.put(
                service + "/" + cells[1].strip(),
                new Row(cells[2].strip(), codes(cells[3]), tests(cells[5])));
        if (before != null) {
          throw new AssertionError("two rows of " + service + "/" + cells[1].strip());
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return rows;
  }

  /** The project's root: tests run in the folder of their module. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/COMPATIBILITY.md"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new AssertionError("docs/COMPATIBILITY.md is in none of the folders above");
      }
    }
    return folder;
  }

  private static Set<Status.Code> codes(String cell) {
    Set<Status.Code> codes = EnumSet.noneOf(Status.Code.class);
    for (String code : cell.split(",")) {
      if (!code.isBlank()) {
        codes.add(Status.Code.valueOf(code.strip()));
      }
    }
    return codes;
  }

  private static List<String> tests(String cell) {
    List<String> tests = new ArrayList<>();
    Matcher code = CODE.matcher(cell);
    while (code.find()) {
      tests.add(code.group(1));
    }
    return tests;
  }
}
