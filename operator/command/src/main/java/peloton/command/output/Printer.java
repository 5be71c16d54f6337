package peloton.command.output;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.ToNumberPolicy;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Prints results in the chosen form. */
public final class Printer {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();
  private static final Gson TREE =
      new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();

  private final PrintWriter out;
  private final Format format;

  /** Prints to {@code out}. */
  public Printer(PrintWriter out, Format format) {
    this.out = out;
    this.format = format;
  }

  /** The chosen form. */
  public Format format() {
    return format;
  }

  /** True if the chosen form is for people, who are shown a part only. */
  public boolean isForPeople() {
    return format == Format.TABLE;
  }

  /** Prints a message whole, or {@code text} to people. */
  public void result(Message message, Supplier<String> text) {
    if (format == Format.TABLE) {
      out.println(text.get());
    } else {
      print(tree(message));
    }
  }

  /** Prints a message whole: as JSON if that is the chosen form, else as YAML. */
  public void document(Message message) {
    print(tree(message));
  }

  /** As {@link #document} for a list of messages. */
  public void documents(List<? extends Message> messages) {
    print(trees(messages));
  }

  /** This printer with another form. */
  public Printer as(Format other) {
    return new Printer(out, other);
  }

  /**
   * Prints a list of messages whole, or {@code table} to people.
   *
   * @param none what people read if there is nothing
   */
  public void results(List<? extends Message> messages, Supplier<Table> table, String none) {
    if (format != Format.TABLE) {
      print(trees(messages));
      return;
    }
    Table rows = table.get();
    if (rows.isEmpty()) {
      out.println(none);
    } else {
      rows.lines().forEach(out::println);
    }
  }

  /**
   * Prints an answer whole, or to people a table and what there is to say of it.
   *
   * @param none what people read if there is nothing
   * @param footer a line below the table; may be empty
   */
  public void page(Message message, Supplier<Table> table, String none, String footer) {
    if (format != Format.TABLE) {
      print(tree(message));
      return;
    }
    results(List.of(), table, none);
    if (!footer.isEmpty()) {
      out.println(footer);
    }
  }

  /** One message of a stream: a line of JSON, a YAML document, or {@code lines} to people. */
  public void streamed(Message message, Supplier<List<String>> lines) {
    switch (format) {
      case JSON:
        out.println(json(message, true));
        break;
      case YAML:
        out.println("---");
        print(tree(message));
        break;
      default:
        lines.get().forEach(out::println);
        break;
    }
    out.flush();
  }

  private void print(JsonElement tree) {
    if (format == Format.JSON) {
      out.println(PRETTY.toJson(tree));
    } else {
      out.print(yaml(tree));
    }
    out.flush();
  }

  private static JsonArray trees(List<? extends Message> messages) {
    JsonArray array = new JsonArray();
    messages.forEach(message -> array.add(tree(message)));
    return array;
  }

  private static JsonElement tree(MessageOrBuilder message) {
    return JsonParser.parseString(json(message, false));
  }

  private static String json(MessageOrBuilder message, boolean oneLine) {
    JsonFormat.Printer printer =
        JsonFormat.printer().includingDefaultValueFields().preservingProtoFieldNames();
    try {
      return (oneLine ? printer.omittingInsignificantWhitespace() : printer).print(message);
    } catch (InvalidProtocolBufferException e) {
      // Only for google.protobuf.Any of an unknown type, which the API does not use.
      throw new IllegalStateException(e);
    }
  }

  private static String yaml(JsonElement tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    return new Yaml(options).dump(TREE.fromJson(tree, Object.class));
  }
}
