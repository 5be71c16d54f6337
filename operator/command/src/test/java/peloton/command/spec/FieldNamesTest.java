package peloton.command.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;

class FieldNamesTest {
  @Test
  void noTwoFieldsThatASpecCanNameAreSpeltAlike() {
    FieldNames names = new FieldNames();
    Set<Descriptor> seen = new HashSet<>();
    ArrayDeque<Descriptor> queue = new ArrayDeque<>();
    queue.add(JobSpec.getDescriptor());
    queue.add(ResourcePoolSpec.getDescriptor());
    while (!queue.isEmpty()) {
      Descriptor message = queue.remove();
      if (!seen.add(message)) {
        continue;
      }
      for (FieldDescriptor field : message.getFields()) {
        assertThat(names.find(message, field.getName())).contains(field);
        assertThat(names.find(message, field.getJsonName())).contains(field);
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
          queue.add(field.getMessageType());
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(50);
  }
}
