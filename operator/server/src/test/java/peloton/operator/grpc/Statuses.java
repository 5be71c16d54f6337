package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How calls end. */
final class Statuses {
  private Statuses() {}

  static void assertFails(ThrowingCallable call, Status.Code code, String... texts) {
    StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(failure).as("a failure").isNotNull();
    assertThat(failure.getStatus().getCode()).as(failure.getMessage()).isEqualTo(code);
    assertThat(failure.getStatus().getDescription()).isNotBlank();
    for (String text : texts) {
      assertThat(failure.getStatus().getDescription()).contains(text);
    }
  }

  /** What a stream sends until it ends. */
  static <T> List<T> all(Iterator<T> stream) {
    List<T> all = new ArrayList<>();
    stream.forEachRemaining(all::add);
    return all;
  }
}
