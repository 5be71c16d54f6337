package peloton.command.client;

import io.grpc.StatusRuntimeException;
import java.util.concurrent.Callable;
import peloton.command.Console;
import peloton.command.ExitCode;
import peloton.command.output.Printer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A subcommand that calls the server: connects, runs, and turns what goes wrong into a message. */
@Command(
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%nParameters:%n",
    descriptionHeading = "%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done",
      " 1:the server said no; its code and message are on standard error",
      " 2:the command line or the spec file could not be understood; nothing was sent",
      " 3:the server could not be reached, was not ready, or did not answer in time",
      " 4:accepted, but what --wait or --watch waited for did not happen"
    })
public abstract class ClientCommand implements Callable<Integer> {
  @Mixin private ClientOptions options;
  @Spec private CommandSpec spec;

  private final Console console;

  /**
   * A command of one run of the program.
   *
   * @param console where it reads and writes
   */
  protected ClientCommand(Console console) {
    this.console = console;
  }

  @Override
  public final Integer call() {
    ClientOptions outer = ((HasClientOptions) spec.root().userObject()).clientOptions();
    ClientOptions.Resolved resolved = options.resolve(outer, console.environment());
    try (ApiClient client =
        ApiClient.connect(
            resolved.server(), resolved.tls(), resolved.login(), resolved.timeout())) {
      run(new Session(console, client, new Printer(console.out(), resolved.format())));
      return ExitCode.OK;
    } catch (StatusRuntimeException e) {
      throw Failures.explain(e, resolved.server());
    } finally {
      console.out().flush();
    }
  }

  /**
   * Does the work.
   *
   * @throws StatusRuntimeException as the server answers
   * @throws peloton.command.CommandException to end with a message
   * @throws peloton.command.spec.SpecException on an unreadable spec
   */
  protected abstract void run(Session session);

  /** The root command, whose options hold for subcommands that say nothing else. */
  public interface HasClientOptions {
    /** The options given before the first word. */
    ClientOptions clientOptions();
  }
}
