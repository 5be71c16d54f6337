package peloton.command.bench;

import java.io.IOException;
import java.util.concurrent.Callable;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.process.Foreground;
import peloton.command.process.ParentWatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The process that {@code peloton bench read} compares the operator with. */
@Command(
    name = "echo",
    hidden = true,
    description = "Serve bytes that were given before, until SIGTERM.")
public final class EchoCommand implements Callable<Integer> {
  @Option(names = "--port", required = true)
  private int port;

  @Mixin private ParentWatch parent;

  private final Console console;

  /** Made for one run of the program. */
  public EchoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    EchoServer server;
    try {
      server = new EchoServer(port);
    } catch (IOException e) {
      throw CommandException.refused("cannot listen at port " + port + ": " + e.getMessage(), e);
    }
    Foreground foreground = new Foreground("echo", server);
    parent.begin(console.in(), foreground::stop);
    return foreground.run();
  }
}
