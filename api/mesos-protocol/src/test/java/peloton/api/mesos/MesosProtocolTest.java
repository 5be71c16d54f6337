package peloton.api.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MesosProtocolTest {

  @ParameterizedTest
  @EnumSource(Call.Type.class)
  void readsEachCallAsItWasWritten(Call.Type type) throws InvalidProtocolBufferException {
    Call.Builder call = Call.newBuilder().setType(type);
    Filled.fill(call);

    Call read = Call.parseFrom(call.build().toByteString());

    assertThat(read).isEqualTo(call.build());
    assertThat(read.getType()).isEqualTo(type);
    assertThat(read.getUnknownFields().asMap()).isEmpty();
    assertThat(read.findInitializationErrors()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Event.Type.class)
  void readsEachEventAsItWasWritten(Event.Type type) throws InvalidProtocolBufferException {
    Event.Builder event = Event.newBuilder().setType(type);
    Filled.fill(event);

    Event read = Event.parseFrom(event.build().toByteString());

    assertThat(read).isEqualTo(event.build());
    assertThat(read.getType()).isEqualTo(type);
    assertThat(read.getUnknownFields().asMap()).isEmpty();
    assertThat(read.findInitializationErrors()).isEmpty();
  }

  @Test
  void hasAFieldForEachCallThatCarriesMoreThanItsType() {
    List<String> bare = List.of("UNKNOWN", "TEARDOWN");

    assertThat(Call.Type.values())
        .filteredOn(type -> !bare.contains(type.name()))
        .extracting(type -> type.name().toLowerCase(Locale.ROOT))
        .allSatisfy(name -> assertThat(Call.getDescriptor().findFieldByName(name)).isNotNull());
  }

  @Test
  void refusesACallWithoutWhatMesosRequires() {
    assertThat(
            Call.newBuilder()
                .setType(Call.Type.KILL)
                .setKill(Call.Kill.getDefaultInstance())
                .findInitializationErrors())
        .containsExactly("kill.task_id");
    assertThatExceptionOfType(InvalidProtocolBufferException.class)
        .isThrownBy(() -> Protos.Offer.parseFrom(new byte[0]))
        .withMessageContaining("missing required fields");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org/apache/mesos/v1/Protos.class",
        "org/apache/mesos/v1/scheduler/Protos.class",
        "org/apache/mesos/v1/master/Protos.class",
        "org/apache/mesos/v1/agent/Protos.class",
      })
  void comesFromThisModuleAlone(String name) throws IOException {
    assertThat(Collections.list(getClass().getClassLoader().getResources(name)))
        .singleElement()
        .asString()
        .startsWith("file:")
        .endsWith("/target/classes/" + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.mesos.Protos",
        "org.apache.mesos.MesosSchedulerDriver",
        "org.apache.mesos.v1.scheduler.V1Mesos"
      })
  void leavesTheOldBindingsOut(String name) {
    assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> Class.forName(name));
  }

  /** What old protoc generated parses in a constructor; what a current one generates has none. */
  @Test
  void isGeneratedByACurrentProtoc() {
    assertThat(Arrays.stream(Protos.TaskInfo.class.getDeclaredConstructors()))
        .noneMatch(
            constructor ->
                Arrays.asList(constructor.getParameterTypes())
                    .contains(com.google.protobuf.CodedInputStream.class));
  }
}
