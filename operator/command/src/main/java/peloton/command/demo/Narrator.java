package peloton.command.demo;

import java.util.List;
import peloton.command.Console;
import peloton.command.output.Table;

/** Tells people what happens. */
final class Narrator {
  private final Console console;

  Narrator(Console console) {
    this.console = console;
  }

  void chapter(String title) {
    console.out().println();
    line("== " + title);
  }

  void line(String text) {
    console.out().println(text);
    console.out().flush();
  }

  void detail(String text) {
    line("   " + text);
  }

  void table(Table table) {
    List<String> lines = table.lines();
    lines.forEach(this::detail);
  }
}
