package peloton.command.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** One YAML document of a spec file: a mapping whose nodes know their lines. */
public final class SpecDocument {
  /** What a file may hold at most; the server takes 4 MiB in one request. */
  static final int MAX_CHARACTERS = 4 * 1024 * 1024;

  private static final int MAX_DEPTH = 60;

  private final String source;
  private final MappingNode root;

  private SpecDocument(String source, MappingNode root) {
    this.source = source;
    this.root = root;
  }

  /**
   * Reads every document of a file; empty documents are skipped.
   *
   * @param file a path, or {@code -} for the given standard input
   * @throws SpecException if it cannot be read, is no YAML, or holds no mapping at all
   */
  public static List<SpecDocument> readAll(String file, InputStream standardInput) {
    try {
      if (file.equals("-")) {
        return parseAll("-", reader(standardInput));
      }
      Path path = Path.of(file);
      if (!Files.exists(path)) {
        throw SpecException.of(file, "there is no such file");
      }
      if (Files.isDirectory(path)) {
        throw SpecException.of(file, "is a folder; name a YAML file");
      }
      try (Reader reader = reader(Files.newInputStream(path))) {
        return parseAll(file, reader);
      }
    } catch (java.nio.charset.CharacterCodingException e) {
      throw SpecException.of(file, "is not UTF-8 text", e);
    } catch (IOException e) {
      throw SpecException.of(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** As {@link #readAll}, from text that is at hand; {@code source} names it in errors. */
  public static List<SpecDocument> parseAll(String source, String text) {
    return parseAll(source, new StringReader(text));
  }

  private static List<SpecDocument> parseAll(String source, Reader reader) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    List<SpecDocument> documents = new ArrayList<>();
    try {
      for (Node node : new Yaml(options).composeAll(reader)) {
        if (node.getTag().equals(Tag.NULL)) {
          continue;
        }
        if (!(node instanceof MappingNode mapping)) {
          throw SpecException.at(
              place(source, node), "", "expected fields (name: value), found " + kind(node));
        }
        documents.add(new SpecDocument(source, mapping));
      }
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      String problem = "malformed YAML: " + e.getProblem();
      throw mark == null
          ? SpecException.of(source, problem, e)
          : SpecException.at(
              new SpecException.Place(source, mark.getLine() + 1, mark.getColumn() + 1),
              "",
              problem);
    } catch (YAMLException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String why =
          cause instanceof java.nio.charset.CharacterCodingException
              ? "is not UTF-8 text"
              : "malformed YAML: " + cause.getMessage();
      throw SpecException.of(source, why, e);
    }
    if (documents.isEmpty()) {
      throw SpecException.of(source, "is empty; it must hold a spec");
    }
    return documents;
  }

  String source() {
    return source;
  }

  MappingNode root() {
    return root;
  }

  /** The text of a top-level scalar, if there is one by this name. */
  Optional<String> text(String key) {
    return scalar(key).map(ScalarNode::getValue);
  }

  /** This document without a top-level key. */
  SpecDocument without(String key) {
    List<NodeTuple> rest = root.getValue().stream().filter(tuple -> !isKey(tuple, key)).toList();
    MappingNode copy =
        new MappingNode(
            root.getTag(), true, rest, root.getStartMark(), root.getEndMark(), root.getFlowStyle());
    return new SpecDocument(source, copy);
  }

  private Optional<ScalarNode> scalar(String key) {
    return root.getValue().stream()
        .filter(tuple -> isKey(tuple, key))
        .map(NodeTuple::getValueNode)
        .filter(ScalarNode.class::isInstance)
        .map(ScalarNode.class::cast)
        .filter(node -> !node.getTag().equals(Tag.NULL))
        .findFirst();
  }

  private static boolean isKey(NodeTuple tuple, String key) {
    return tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key);
  }

  static SpecException.Place place(String source, Node node) {
    Mark mark = node.getStartMark();
    return new SpecException.Place(source, mark.getLine() + 1, mark.getColumn() + 1);
  }

  static String kind(Node node) {
    switch (node.getNodeId()) {
      case mapping:
        return "fields (a mapping)";
      case sequence:
        return "a list";
      default:
        return "the value \"" + shorten(((ScalarNode) node).getValue()) + "\"";
    }
  }

  static String shorten(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  private static Reader reader(InputStream input) {
    return new InputStreamReader(
        input,
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }
}
