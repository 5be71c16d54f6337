package peloton.command.output;

import java.util.ArrayList;
import java.util.List;

/** Columns under headers, right-aligned and separated by bars. */
public final class Table {
  private static final String SEPARATOR = " | ";

  private final List<List<String>> rows = new ArrayList<>();

  /** A table without rows. */
  public Table(List<String> headers) {
    rows.add(List.copyOf(headers));
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException unless it has a cell for each header
   */
  public Table row(List<String> cells) {
    if (cells.size() != rows.get(0).size()) {
      throw new IllegalArgumentException(
          "a row of " + cells.size() + " cells under " + rows.get(0).size() + " headers");
    }
    rows.add(cells.stream().map(Table::oneLine).toList());
    return this;
  }

  /** True without rows. */
  public boolean isEmpty() {
    return rows.size() == 1;
  }

  /** The lines, header first. */
  public List<String> lines() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      if (i > 0) {
        line.append(SEPARATOR);
      }
      line.append(" ".repeat(widths[i] - row.get(i).length())).append(row.get(i));
    }
    return line.toString().stripTrailing();
  }

  private static String oneLine(String cell) {
    return cell.replaceAll("[\\r\\n\\t]+", " ");
  }
}
