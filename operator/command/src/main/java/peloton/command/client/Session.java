package peloton.command.client;

import peloton.command.Console;
import peloton.command.output.Printer;

/**
 * What a client subcommand works with.
 *
 * @param console where it reads and writes
 * @param client the connection
 * @param printer how results are shown
 */
public record Session(Console console, ApiClient client, Printer printer) {
  /** Prints one line of a result. */
  public void line(String text) {
    console.out().println(text);
  }
}
