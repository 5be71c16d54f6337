package peloton.crds.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Stream;
import peloton.crds.schema.Format;
import peloton.crds.schema.ListAtomic;
import peloton.crds.schema.ListKeys;
import peloton.crds.schema.ListSet;
import peloton.crds.schema.OneOf;

/** Says in a schema what the annotations of {@link peloton.crds.schema} say of its record. */
final class SchemaWords {
  /** A decimal number that is not negative, with a suffix of Kubernetes or none. */
  static final String QUANTITY = "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$";

  private static final long LONGEST_QUANTITY = 32;

  private SchemaWords() {}

  /** Completes the schemas of a resource's spec and status. */
  static void complete(Class<? extends CustomResource<?, ?>> type, JSONSchemaProps schema) {
    Type[] parts = ((ParameterizedType) type.getGenericSuperclass()).getActualTypeArguments();
    walk(parts[0], schema.getProperties().get("spec"));
    walk(parts[1], schema.getProperties().get("status"));
  }

  private static void walk(Type type, JSONSchemaProps schema) {
    if (type instanceof ParameterizedType container) {
      Type[] arguments = container.getActualTypeArguments();
      if (container.getRawType() == List.class) {
        walk(arguments[0], schema.getItems().getSchema());
      }
    } else if (type == Quantity.class) {
      schema.setPattern(QUANTITY);
      schema.setMaxLength(LONGEST_QUANTITY);
      schema.setMinimum(0.0);
    } else if (type instanceof Class<?> record && record.isRecord()) {
      for (RecordComponent component : record.getRecordComponents()) {
        JSONSchemaProps property = schema.getProperties().get(component.getName());
        annotate(component, property);
        walk(component.getGenericType(), property);
      }
    }
  }

  private static void annotate(RecordComponent component, JSONSchemaProps property) {
    // The generator finds a component's rules twice: at its field, and at its accessor.
    property.setXKubernetesValidations(
        property.getXKubernetesValidations().stream().distinct().toList());
    ListKeys keys = component.getAnnotation(ListKeys.class);
    if (keys != null) {
      property.setXKubernetesListType("map");
      property.setXKubernetesListMapKeys(List.of(keys.value()));
    }
    if (component.isAnnotationPresent(ListSet.class)) {
      property.setXKubernetesListType("set");
    }
    if (component.isAnnotationPresent(ListAtomic.class)) {
      property.setXKubernetesListType("atomic");
    }
    Format format = component.getAnnotation(Format.class);
    if (format != null) {
      property.setFormat(format.value());
    }
    OneOf choice = component.getAnnotation(OneOf.class);
    if (choice != null) {
      property.setEnum(
          Stream.of(choice.value().getEnumConstants())
              .<JsonNode>map(constant -> JsonNodeFactory.instance.textNode(constant.name()))
              .toList());
    }
  }
}
