package peloton.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContractTest {

  private final List<FileDescriptor> files = CompiledApi.files();

  @Test
  void compilesToExactlyTheRowsOfTheTable() {
    assertThat(files.stream().flatMap(Rows::of))
        .hasSizeGreaterThan(700)
        .containsExactlyInAnyOrderElementsOf(Rows.ofTheTable());
  }

  @Test
  void compilesEveryProtoFile() throws IOException {
    Path sources = Path.of("src/main/proto");
    // Our own services beside the API, in another package, have no rows in the table.
    try (Stream<Path> walk = Files.walk(sources.resolve("peloton/api"))) {
      assertThat(files)
          .extracting(FileDescriptor::getName)
          .containsExactlyInAnyOrderElementsOf(
              walk.filter(Files::isRegularFile)
                  .map(file -> sources.relativize(file).toString())
                  .toList());
    }
  }

  @Test
  void putsEachFileIntoOneOuterClassOfTheJavaPackageNamedLikeItsOwn() {
    assertThat(files)
        .isNotEmpty()
        .allSatisfy(
            file -> {
              assertThat(file.getOptions().getJavaPackage()).isEqualTo(file.getPackage());
              assertThat(file.getOptions().getJavaMultipleFiles()).isFalse();
              assertThat(file.getOptions().hasJavaOuterClassname()).isFalse();
              assertThat(file.toProto().getSyntax()).isEqualTo("proto3");
            });
  }

  @Test
  void tellsNoUnsetNumberFromZero() {
    assertThat(files)
        .flatExtracting(FileDescriptor::getMessageTypes)
        .flatExtracting(type -> type.getFields())
        .noneMatch(field -> field.toProto().getProto3Optional());
  }

  @Test
  void servesEveryMethodOfTheTableOverGrpc() {
    List<String> served =
        CompiledApi.services().stream()
            .flatMap(service -> service.getMethods().stream())
            .map(
                method ->
                    method.getFullMethodName()
                        + (method.getType() == MethodType.SERVER_STREAMING ? " stream" : " unary"))
            .toList();

    assertThat(served)
        .containsExactlyInAnyOrderElementsOf(
            Rows.ofTheTable().stream()
                .map(row -> row.split("\t", -1))
                .filter(cells -> cells[2].equals("rpc"))
                .map(cells -> cells[1] + "/" + cells[3] + " " + cells[5])
                .toList());
  }
}
