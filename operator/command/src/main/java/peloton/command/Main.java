package peloton.command;

import java.lang.reflect.Constructor;
import peloton.command.process.ServerCommand;
import peloton.command.spec.SpecException;
import picocli.CommandLine;

/** The program's entry point. */
public final class Main {
  private Main() {}

  /** Runs one subcommand and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Console.system(), arguments));
  }

  /** Runs one subcommand; returns one of {@link ExitCode}. */
  public static int run(Console console, String... arguments) {
    CommandLine line = new CommandLine(RootCommand.class, new Factory(console));
    ServerCommand.addSettings(line.getSubcommands().get("server"));
    line.setOut(console.out());
    line.setErr(console.err());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setAbbreviatedSubcommandsAllowed(false);
    line.setParameterExceptionHandler(
        (e, args) -> {
          complain(console, e.getMessage());
          CommandLine.UnmatchedArgumentException.printSuggestions(e, console.err());
          console
              .err()
              .println("Try `" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help`.");
          console.err().flush();
          return ExitCode.USAGE;
        });
    line.setExecutionExceptionHandler((e, command, result) -> explain(console, e));
    int code = line.execute(arguments);
    console.out().flush();
    console.err().flush();
    return code;
  }

  private static int explain(Console console, Exception failure) throws Exception {
    if (failure instanceof CommandException e) {
      complain(console, e.getMessage());
      return e.exitCode();
    }
    if (failure instanceof SpecException e) {
      complain(console, e.getMessage());
      return ExitCode.USAGE;
    }
    throw failure;
  }

  private static void complain(Console console, String message) {
    console.err().println("peloton: " + message);
    console.err().flush();
  }

  /** Gives the console to the commands that ask for it. */
  private record Factory(Console console) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> constructor : type.getConstructors()) {
        if (constructor.getParameterCount() == 1
            && constructor.getParameterTypes()[0] == Console.class) {
          return type.cast(constructor.newInstance(console));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
