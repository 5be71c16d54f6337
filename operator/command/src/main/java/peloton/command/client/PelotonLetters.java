package peloton.command.client;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Gives {@code -o} and {@code -s} the meaning that they have for the same command of Peloton's own:
 * {@code --override} or {@code --offset}, and {@code --states}. There {@code --output} and {@code
 * --server} have no short name.
 */
public final class PelotonLetters implements IModelTransformer {
  @Override
  public CommandSpec transform(CommandSpec command) {
    move("-o", "--output", List.of("--override", "--offset"), command);
    move("-s", "--server", List.of("--states"), command);
    return command;
  }

  private static void move(String letter, String from, List<String> to, CommandSpec command) {
    for (String name : to) {
      OptionSpec taker = command.findOption(name);
      // A model may be handed in more than once.
      if (taker != null && !List.of(taker.names()).contains(letter)) {
        OptionSpec giver = command.findOption(from);
        command.remove(giver);
        command.remove(taker);
        command.addOption(named(giver, without(giver.names(), letter)));
        command.addOption(named(taker, with(taker.names(), letter)));
        return;
      }
    }
  }

  private static OptionSpec named(OptionSpec option, String[] names) {
    return option.toBuilder().names(names).build();
  }

  private static String[] without(String[] names, String letter) {
    return Arrays.stream(names).filter(name -> !name.equals(letter)).toArray(String[]::new);
  }

  private static String[] with(String[] names, String letter) {
    String[] more = new String[names.length + 1];
    more[0] = letter;
    System.arraycopy(names, 0, more, 1, names.length);
    return more;
  }
}
