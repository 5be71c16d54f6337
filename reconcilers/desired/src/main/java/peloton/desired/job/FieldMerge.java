package peloton.desired.job;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Merges a message that says only what is to change into one that says everything.
 *
 * <p>A single value that is given replaces the other; a message is merged field by field; a list is
 * merged by the key of its elements if they have one, else replaced by a list that is not empty. Of
 * elements with a key, those given are merged into the one of the same key or added at the end, and
 * all others stay. What is zero or empty counts as not given.
 */
final class FieldMerge {
  /** The field by which the elements of a list of a type are told apart. */
  private static final Map<String, String> KEYS =
      Map.of(
          "peloton.api.v1alpha.peloton.Label", "key",
          "peloton.api.v1alpha.pod.ContainerSpec", "name",
          "peloton.api.v1alpha.pod.PortSpec", "name",
          "peloton.api.v1alpha.pod.Environment", "name",
          "peloton.api.v1alpha.pod.VolumeMount", "mount_path",
          "peloton.api.v1alpha.volume.VolumeSpec", "name",
          "mesos.v1.Environment.Variable", "name",
          "mesos.v1.Label", "key");

  private FieldMerge() {}

  /** Merges all fields that the patch has; neither message may have maps that are set. */
  static void merge(Message.Builder target, Message patch) {
    for (Map.Entry<FieldDescriptor, Object> given : patch.getAllFields().entrySet()) {
      FieldDescriptor field = given.getKey();
      if (field.isRepeated()) {
        mergeList(target, field, (List<?>) given.getValue());
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        mergeMessage(target, field, (Message) given.getValue());
      } else {
        target.setField(field, given.getValue());
      }
    }
  }

  private static void mergeMessage(Message.Builder target, FieldDescriptor field, Message patch) {
    if (target.hasField(field)) {
      merge(target.getFieldBuilder(field), patch);
    } else if (!saysNothing(patch)) {
      target.setField(field, patch);
    }
  }

  /** In Mesos' messages it means something that a message is there, even an empty one. */
  private static boolean saysNothing(Message message) {
    return message.getDescriptorForType().getFullName().startsWith("peloton.")
        && message.getAllFields().isEmpty();
  }

  private static void mergeList(Message.Builder target, FieldDescriptor field, List<?> patch) {
    String key =
        field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
            ? KEYS.get(field.getMessageType().getFullName())
            : null;
    if (key == null) {
      target.setField(field, patch);
      return;
    }
    FieldDescriptor keyField = field.getMessageType().findFieldByName(key);
    List<Message> merged = new ArrayList<>();
    for (Object element : (List<?>) target.getField(field)) {
      merged.add((Message) element);
    }
    for (Object element : patch) {
      mergeElement(merged, keyField, (Message) element);
    }
    target.setField(field, merged);
  }

  private static void mergeElement(List<Message> merged, FieldDescriptor key, Message patch) {
    int first = indexOf(merged, key, patch);
    if (first < 0) {
      merged.add(patch);
      return;
    }
    Object name = merged.get(first).getField(key);
    Message.Builder element = merged.get(first).toBuilder();
    merge(element, patch);
    merged.set(first, element.build());
    // A label may stand there more than once; the patch speaks of all of them.
    for (int i = merged.size() - 1; i > first; i--) {
      if (merged.get(i).getField(key).equals(name)) {
        merged.remove(i);
      }
    }
  }

  /**
   * The element that a patch's element speaks of, or -1 for none. An only container need not be
   * named.
   */
  private static int indexOf(List<Message> elements, FieldDescriptor key, Message patch) {
    Object name = patch.getField(key);
    boolean container =
        key.getContainingType().getFullName().equals("peloton.api.v1alpha.pod.ContainerSpec");
    if (container && name.equals("")) {
      return elements.size() == 1 ? 0 : -1;
    }
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i).getField(key).equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
