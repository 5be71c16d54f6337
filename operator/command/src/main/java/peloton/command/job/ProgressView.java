package peloton.command.job;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import peloton.api.v1alpha.job.stateless.Stateless.JobSummary;
import peloton.command.Console;

/**
 * Shows a rollout as it goes on: on a terminal a few lines that are drawn again and again, and
 * elsewhere a line for each change.
 */
final class ProgressView implements Rollout.Progress {
  private static final int DEFAULT_COLUMNS = 80;
  private static final String UP = "\033[%dA";
  private static final String CLEAR_LINE = "\033[2K";
  private static final String CLEAR_BELOW = "\033[J";

  private final PrintWriter out;
  private final boolean interactive;
  private final int columns;

  private List<String> picture = List.of();
  private int drawn;
  private List<String> failing = List.of();

  ProgressView(Console console, PrintWriter out) {
    this.out = out;
    this.interactive = console.interactive();
    this.columns = columns(console.environment().getOrDefault("COLUMNS", ""));
  }

  @Override
  public void changed(JobSummary job, List<String> nowFailing) {
    if (interactive) {
      picture = JobViews.picture(job, nowFailing);
      draw(picture);
      return;
    }
    out.println(JobViews.rollout(job));
    nowFailing.stream().filter(line -> !failing.contains(line)).forEach(l -> out.println("  " + l));
    failing = nowFailing;
    out.flush();
  }

  @Override
  public void away(String text) {
    if (interactive) {
      List<String> lines = new ArrayList<>(picture);
      lines.add(text);
      draw(lines);
    } else {
      out.println(text);
      out.flush();
    }
  }

  @Override
  public void ended() {
    drawn = 0;
  }

  /** A line that is wider than the terminal would take two, and the next drawing would be off. */
  private void draw(List<String> lines) {
    if (drawn > 0) {
      out.print(String.format(UP, drawn));
    }
    lines.forEach(line -> out.print(CLEAR_LINE + cut(line) + "\n"));
    out.print(CLEAR_BELOW);
    out.flush();
    drawn = lines.size();
  }

  private String cut(String line) {
    return line.length() < columns ? line : line.substring(0, columns - 2) + "…";
  }

  private static int columns(String text) {
    return text.matches("[1-9]\\d{1,3}") ? Integer.parseInt(text) : DEFAULT_COLUMNS;
  }
}
