package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import peloton.operator.TestCluster;

/** Holds {@code docs/COMPATIBILITY.md} to the services that are served. */
class CompatibilityTest {
  private final Map<String, CompatibilityTable.Row> rows = CompatibilityTable.read();

  static Stream<MethodDescriptor<?, ?>> everyMethod() {
    return FuzzTest.everyMethod();
  }

  @Test
  void everyMethodHasARowAndEveryRowAMethod() {
    List<String> methods = everyMethod().map(CompatibilityTest::name).toList();

    assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(methods);
    assertThat(everyMethod().map(MethodDescriptor::getServiceName).distinct())
        .as("the services that are looked at")
        .containsExactlyInAnyOrderElementsOf(ApiServices.NAMES);
  }

  @Test
  void everyTestThatARowNamesExists() throws IOException {
    Set<String> classes = testClasses();

    rows.forEach(
        (method, row) -> assertThat(classes).as(method).containsAll(row.tests()).isNotEmpty());
    assertThat(rows).allSatisfy((method, row) -> assertThat(row.tests()).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("everyMethod")
  void aMethodIsServedUnlessItsRowSaysOtherwise(MethodDescriptor<?, ?> method) {
    CompatibilityTable.Row row = rows.get(name(method));
    try (TestApi api = new TestApi(TestCluster.started())) {
      boolean served = answer(api, method) != Status.Code.UNIMPLEMENTED;

      assertThat(served).isEqualTo(!row.behaviour().equals("not served yet"));
    }
  }

  static String name(MethodDescriptor<?, ?> method) {
    return method.getServiceName().replaceFirst(".*\\.", "") + "/" + method.getBareMethodName();
  }

  private static <Q, A> Status.Code answer(TestApi api, MethodDescriptor<Q, A> method) {
    Message prototype =
        (Message) ((PrototypeMarshaller<Q>) method.getRequestMarshaller()).getMessagePrototype();
    @SuppressWarnings("unchecked")
    Q empty = (Q) prototype;
    try {
      if (method.getType() == MethodType.UNARY) {
        ClientCalls.blockingUnaryCall(api.channel(), method, CallOptions.DEFAULT, empty);
      } else {
        Iterator<A> answers =
            ClientCalls.blockingServerStreamingCall(
                api.channel(), method, CallOptions.DEFAULT, empty);
        answers.hasNext();
      }
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static Set<String> testClasses() throws IOException {
    Set<String> classes = new HashSet<>();
    Files.walkFileTree(
        CompatibilityTable.root(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            return name.equals("target") || name.startsWith(".") || name.equals("main")
                ? pruned(folder)
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (name.endsWith(".java")) {
              classes.add(name.substring(0, name.length() - ".java".length()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return classes;
  }

  /** The root itself may have any name. */
  private static FileVisitResult pruned(Path folder) {
    return folder.equals(CompatibilityTable.root())
        ? FileVisitResult.CONTINUE
        : FileVisitResult.SKIP_SUBTREE;
  }
}
