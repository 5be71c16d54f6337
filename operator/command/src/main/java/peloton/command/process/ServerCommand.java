package peloton.command.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import peloton.command.CommandException;
import peloton.command.Console;
import peloton.command.ExitCode;
import peloton.operator.config.ConfigException;
import peloton.operator.config.ConfigLoader;
import peloton.operator.config.OperatorConfig;
import peloton.operator.config.Setting;
import peloton.operator.process.OperatorProcess;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code peloton server}. Has an option for each setting of the operator. */
@Command(
    name = "server",
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true,
    sortOptions = false,
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    description = {
      "Run the operator alone.",
      "Until Ctrl-C or SIGTERM; pods keep running without it. Settings come from a YAML file, "
          + "from the environment (etcd.leaseTtl is PELOTON_ETCD_LEASE_TTL) and from flags "
          + "(--etcd-lease-ttl); the later of these wins."
    })
public final class ServerCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "A YAML file of settings; keys may be nested or dotted.")
  private Path file;

  @Option(
      names = "--print-config",
      description = "Print every setting, its source and what it is for, and exit.")
  private boolean printConfig;

  @Mixin private ParentWatch parent;
  @Spec private CommandSpec spec;

  private final Console console;

  /** Made for one run of the program. */
  public ServerCommand(Console console) {
    this.console = console;
  }

  /** Adds the options of the settings, which are not known to annotations. */
  public static void addSettings(CommandLine server) {
    for (Setting setting : Setting.values()) {
      String preset = setting.preset().isEmpty() ? "" : "; default " + setting.preset();
      server
          .getCommandSpec()
          .addOption(
              OptionSpec.builder(setting.flag())
                  .paramLabel("VALUE")
                  .type(String.class)
                  .description(setting.key() + ": " + setting.description() + preset + ".")
                  .build());
    }
  }

  @Override
  public Integer call() {
    ConfigLoader loader = new ConfigLoader();
    if (file != null) {
      loader.file(file);
    }
    loader.environment(console.environment());
    for (Setting setting : Setting.values()) {
      String value = spec.findOption(setting.flag()).getValue();
      if (value != null) {
        loader.flag(setting, value);
      }
    }
    OperatorConfig config;
    try {
      config = loader.load();
    } catch (ConfigException e) {
      throw CommandException.usage(
          "the operator cannot start with these settings:"
              + System.lineSeparator()
              + "  "
              + String.join(System.lineSeparator() + "  ", e.problems()));
    }
    if (printConfig) {
      console.out().print(loader.print());
      return ExitCode.OK;
    }
    return run(config);
  }

  /**
   * A thread that met an Error (no memory, a class that is gone) leaves a process that is half dead
   * and still holds its lease: better that it ends at once and is started again.
   */
  private static void endOnErrors() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          if (failure instanceof Error) {
            System.err.println("peloton: thread " + thread.getName() + " failed: " + failure);
            Runtime.getRuntime().halt(ExitCode.REFUSED);
          }
        });
  }

  private int run(OperatorConfig config) {
    endOnErrors();
    OperatorProcess operator;
    try {
      operator = OperatorProcess.start(config);
    } catch (IOException e) {
      throw CommandException.refused("the operator cannot start: " + e.getMessage(), e);
    }
    console
        .out()
        .println("Operator: gRPC on " + config.listen().host() + ", ports " + operator.ports());
    console.out().flush();
    Foreground foreground = new Foreground("operator", operator);
    parent.begin(console.in(), foreground::stop);
    return foreground.run();
  }
}
