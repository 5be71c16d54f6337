package peloton.command.spec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a YAML document into a message by the message's descriptor. A null value leaves its field
 * unset; a message that is nothing but a text {@code value}, such as an id, may be given as that
 * text; {@code <<} merges as in YAML 1.1.
 */
final class MessageReader {
  /** An anchor may refer to what encloses it; no spec is that deep on purpose. */
  private static final int MAX_DEPTH = 60;

  private final FieldNames names = new FieldNames();

  /**
   * Fills the builder.
   *
   * @throws SpecException on an unknown field, a value of the wrong type, or a required field of a
   *     Mesos message that is missing
   */
  <B extends Message.Builder> B read(SpecDocument document, B builder) {
    new Reading(document.source()).fields(document.root(), builder, "", 0);
    List<String> missing = builder.findInitializationErrors();
    if (!missing.isEmpty()) {
      throw SpecException.at(
          SpecDocument.place(document.source(), document.root()),
          String.join(", ", missing),
          "required by Mesos, not given");
    }
    return builder;
  }

  private final class Reading {
    private final String source;

    Reading(String source) {
      this.source = source;
    }

    void fields(Node node, Message.Builder builder, String path, int depth) {
      if (depth > MAX_DEPTH) {
        throw error(node, path, "nested deeper than " + MAX_DEPTH + " levels");
      }
      Descriptor type = builder.getDescriptorForType();
      if (node instanceof ScalarNode scalar && isWrappedText(type)) {
        FieldDescriptor value = type.findFieldByName("value");
        builder.setField(value, scalar.getValue());
        return;
      }
      if (!(node instanceof MappingNode mapping)) {
        throw error(node, path, "expected fields (a mapping), found " + SpecDocument.kind(node));
      }
      Set<FieldDescriptor> seen = new HashSet<>();
      for (NodeTuple tuple : merged(mapping, path, depth)) {
        String name = key(tuple, path);
        FieldDescriptor field =
            names.find(type, name).orElseThrow(() -> unknown(tuple.getKeyNode(), path, type, name));
        String fieldPath = path.isEmpty() ? field.getJsonName() : path + "." + field.getJsonName();
        if (!seen.add(field)) {
          throw error(tuple.getKeyNode(), fieldPath, "given twice");
        }
        if (!isNull(tuple.getValueNode())) {
          field(tuple.getValueNode(), builder, field, fieldPath, depth + 1);
        }
      }
    }

    private void field(
        Node node, Message.Builder builder, FieldDescriptor field, String path, int depth) {
      if (field.isMapField()) {
        map(node, builder, field, path, depth);
      } else if (field.isRepeated()) {
        if (!(node instanceof SequenceNode sequence)) {
          throw error(node, path, "expected a list, found " + SpecDocument.kind(node));
        }
        int index = 0;
        for (Node element : sequence.getValue()) {
          String elementPath = path + "[" + index++ + "]";
          if (isNull(element)) {
            throw error(element, elementPath, "a list element may not be empty");
          }
          builder.addRepeatedField(
              field, value(element, field, builderFor(builder, field), elementPath, depth));
        }
      } else {
        builder.setField(field, value(node, field, builderFor(builder, field), path, depth));
      }
    }

    private void map(
        Node node, Message.Builder builder, FieldDescriptor field, String path, int depth) {
      if (!(node instanceof MappingNode mapping)) {
        throw error(node, path, "expected entries (a mapping), found " + SpecDocument.kind(node));
      }
      FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
      FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
      Set<Object> seen = new HashSet<>();
      for (NodeTuple tuple : merged(mapping, path, depth)) {
        String entryPath = path + "[" + key(tuple, path) + "]";
        Object key = Scalars.read(tuple.getKeyNode(), keyField, problems(tuple.getKeyNode(), path));
        if (!seen.add(key)) {
          throw error(tuple.getKeyNode(), entryPath, "given twice");
        }
        Message.Builder entry = builder.newBuilderForField(field);
        entry.setField(keyField, key);
        Node value = tuple.getValueNode();
        if (!isNull(value)) {
          entry.setField(
              valueField,
              value(value, valueField, builderFor(entry, valueField), entryPath, depth));
        }
        builder.addRepeatedField(field, entry.build());
      }
    }

    private Object value(
        Node node, FieldDescriptor field, Message.Builder nested, String path, int depth) {
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        fields(node, nested, path, depth);
        return nested.buildPartial();
      }
      return Scalars.read(node, field, problems(node, path));
    }

    /** The tuples of a mapping with those that {@code <<} brings and the mapping does not name. */
    private List<NodeTuple> merged(MappingNode mapping, String path, int depth) {
      if (mapping.getValue().stream().noneMatch(Reading::isMerge)) {
        return mapping.getValue();
      }
      if (depth > MAX_DEPTH) {
        throw error(mapping, path, "merges itself");
      }
      Map<String, NodeTuple> inherited = new LinkedHashMap<>();
      List<NodeTuple> own = new ArrayList<>();
      Set<String> ownKeys = new HashSet<>();
      for (NodeTuple tuple : mapping.getValue()) {
        if (!isMerge(tuple)) {
          own.add(tuple);
          ownKeys.add(key(tuple, path));
          continue;
        }
        List<Node> parents =
            tuple.getValueNode() instanceof SequenceNode list
                ? list.getValue()
                : List.of(tuple.getValueNode());
        for (Node parent : parents) {
          if (!(parent instanceof MappingNode parentMapping)) {
            throw error(parent, path, "<< merges fields only, found " + SpecDocument.kind(parent));
          }
          for (NodeTuple inheritedTuple : merged(parentMapping, path, depth + 1)) {
            inherited.putIfAbsent(key(inheritedTuple, path), inheritedTuple);
          }
        }
      }
      inherited.keySet().removeAll(ownKeys);
      List<NodeTuple> all = new ArrayList<>(inherited.values());
      all.addAll(own);
      return all;
    }

    private String key(NodeTuple tuple, String path) {
      if (tuple.getKeyNode() instanceof ScalarNode scalar) {
        return scalar.getValue();
      }
      throw error(tuple.getKeyNode(), path, "a name must be plain text");
    }

    private SpecException unknown(Node at, String path, Descriptor type, String name) {
      String full = path.isEmpty() ? name : path + "." + name;
      List<String> near = names.nearest(type, name);
      String hint =
          near.isEmpty()
              ? "allowed here: " + String.join(", ", names.all(type))
              : "did you mean " + String.join(" or ", near) + "?";
      return error(at, full, "unknown field; " + hint);
    }

    private Scalars.Problems problems(Node node, String path) {
      return problem -> error(node, path, problem);
    }

    private SpecException error(Node node, String path, String problem) {
      return SpecException.at(SpecDocument.place(source, node), path, problem);
    }

    private static boolean isMerge(NodeTuple tuple) {
      return tuple.getKeyNode().getTag().equals(Tag.MERGE);
    }

    private static boolean isNull(Node node) {
      return node.getTag().equals(Tag.NULL);
    }

    private static boolean isWrappedText(Descriptor type) {
      return type.getFields().size() == 1
          && type.getFields().get(0).getName().equals("value")
          && type.getFields().get(0).getType() == FieldDescriptor.Type.STRING;
    }

    private static Message.Builder builderFor(Message.Builder parent, FieldDescriptor field) {
      return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
          ? parent.newBuilderForField(field)
          : null;
    }
  }
}
