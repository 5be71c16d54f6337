package peloton.command.respool;

import static peloton.command.output.Text.number;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import peloton.operator.v1.PoolStates.KindState;
import peloton.operator.v1.PoolStates.PoolState;

/** The tree of resource pools, with a line for each pool and kind that means anything to it. */
final class PoolTreeView {
  private static final int BAR = 20;
  private static final List<String> HEADERS =
      List.of("Pool", "Kind", "Reserved", "Limit", "Entitled", "Used", "Wanted", "");

  private final List<PoolState> pools;
  private final List<String> kinds;
  private final Map<String, Double> capacity = new HashMap<>();

  /**
   * @param pools each before those below it
   * @param kinds the kinds to show; none for all
   */
  PoolTreeView(List<PoolState> pools, List<String> kinds) {
    this.pools = pools;
    this.kinds = kinds;
    if (!pools.isEmpty()) {
      pools.get(0).getKindsList().forEach(row -> capacity.put(row.getKind(), row.getEntitlement()));
    }
  }

  /** The pool at a path; a slash at the end does no harm. */
  Optional<PoolState> find(String path) {
    String given =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return pools.stream().filter(pool -> pool.getPath().equals(given)).findFirst();
  }

  /** A pool and those below it. */
  List<String> lines(PoolState top) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADERS);
    add(rows, top, "", "");
    int[] widths = new int[HEADERS.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private void add(List<List<String>> rows, PoolState pool, String branch, String indent) {
    boolean first = true;
    List<PoolState> below = below(pool);
    for (KindState kind : pool.getKindsList()) {
      if (!isShown(kind)) {
        continue;
      }
      String name = first ? branch + name(pool) : indent + (below.isEmpty() ? "" : "|");
      rows.add(
          List.of(
              name,
              kind.getKind(),
              number(kind.getReservation()) + (kind.getStaticReservation() ? " static" : ""),
              number(kind.getLimit()),
              number(kind.getEntitlement()),
              number(kind.getAllocation()),
              number(kind.getDemand()),
              bar(kind)));
      first = false;
    }
    if (first) {
      rows.add(List.of(branch + name(pool), "", "", "", "", "", "", ""));
    }
    for (int i = 0; i < below.size(); i++) {
      boolean last = i == below.size() - 1;
      add(rows, below.get(i), indent + (last ? "`- " : "|- "), indent + (last ? "   " : "|  "));
    }
  }

  private List<PoolState> below(PoolState pool) {
    String prefix = pool.getPath().equals("/") ? "/" : pool.getPath() + "/";
    return pools.stream()
        .filter(
            other ->
                other.getPath().startsWith(prefix)
                    && other.getPath().length() > prefix.length()
                    && other.getPath().indexOf('/', prefix.length()) < 0)
        .toList();
  }

  private static String name(PoolState pool) {
    String path = pool.getPath();
    return path.equals("/") ? path : path.substring(path.lastIndexOf('/') + 1);
  }

  /** Kinds that say nothing but zeros are left out, unless they were asked for. */
  private boolean isShown(KindState kind) {
    return kinds.isEmpty()
        ? kind.getLimit() > 0 || kind.getDemand() > 0
        : kinds.contains(kind.getKind());
  }

  private String bar(KindState kind) {
    double all = capacity.getOrDefault(kind.getKind(), 0.0);
    double scale = Math.max(all, Math.max(kind.getAllocation(), kind.getEntitlement()));
    if (scale == 0) {
      return "[" + " ".repeat(BAR) + "]";
    }
    int due = cells(Math.min(kind.getAllocation(), kind.getEntitlement()), scale);
    int beyond = Math.max(due, cells(kind.getAllocation(), scale)) - due;
    int free = Math.max(0, cells(kind.getEntitlement(), scale) - due - beyond);
    int rest = BAR - due - beyond - free;
    return "[" + "#".repeat(due) + "!".repeat(beyond) + "-".repeat(free) + " ".repeat(rest) + "]";
  }

  private static int cells(double amount, double scale) {
    return (int) Math.round(amount / scale * BAR);
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder(padRight(row.get(0), widths[0]));
    for (int i = 1; i < row.size(); i++) {
      String cell = row.get(i);
      line.append(" | ")
          .append(
              i == 1 || i == row.size() - 1
                  ? padRight(cell, widths[i])
                  : " ".repeat(widths[i] - cell.length()) + cell);
    }
    return line.toString().stripTrailing();
  }

  private static String padRight(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
