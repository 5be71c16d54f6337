package peloton.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peloton.store.KeyValueStore.Change;

class RevisionBufferTest {
  private final RevisionBuffer buffer = new RevisionBuffer(5);

  @Test
  void letsAWholeAnswerOut() {
    List<Change> out = buffer.accept(List.of(put("a", 5), deletion("b", 5), put("c", 7)), false);

    assertThat(out)
        .containsExactly(
            new Change("a", Optional.of(ByteString.copyFromUtf8("x")), 5),
            new Change("b", Optional.empty(), 5),
            new Change("c", Optional.of(ByteString.copyFromUtf8("x")), 7));
    assertThat(buffer.next()).isEqualTo(8);
    assertThat(buffer.isPartial()).isFalse();
  }

  @Test
  void dropsWhatItHasLetOutBefore() {
    buffer.accept(List.of(put("a", 6)), false);

    List<Change> out = buffer.accept(List.of(put("a", 4), put("a", 6), put("a", 7)), false);

    assertThat(out).extracting(Change::revision).containsExactly(7L);
  }

  @Test
  void keepsARevisionBackUntilItsLastFragment() {
    List<Change> first = buffer.accept(List.of(put("a", 5), put("b", 6)), true);
    List<Change> second = buffer.accept(List.of(put("c", 6)), true);
    List<Change> third = buffer.accept(List.of(put("d", 6), put("e", 7)), false);

    assertThat(first).extracting(Change::key).containsExactly("a");
    assertThat(second).isEmpty();
    assertThat(third).extracting(Change::key).containsExactly("b", "c", "d", "e");
    assertThat(buffer.next()).isEqualTo(8);
  }

  @Test
  void asksAgainForARevisionOfWhichItHasAPart() {
    buffer.accept(List.of(put("a", 5), put("b", 6)), true);
    assertThat(buffer.isPartial()).isTrue();

    buffer.restart();

    assertThat(buffer.next()).isEqualTo(6);
    assertThat(buffer.accept(List.of(put("b", 6), put("c", 6)), false))
        .extracting(Change::key)
        .containsExactly("b", "c");
  }

  @Test
  void endsARevisionWithAnEmptyLastFragment() {
    buffer.accept(List.of(put("a", 5)), true);

    assertThat(buffer.accept(List.of(), false)).extracting(Change::key).containsExactly("a");
    assertThat(buffer.next()).isEqualTo(6);
  }

  @Test
  void neverGoesBack() {
    buffer.skipTo(9);
    buffer.skipTo(3);

    assertThat(buffer.next()).isEqualTo(10);
    assertThat(buffer.accept(List.of(put("a", 9)), false)).isEmpty();
  }

  private static Event put(String key, long revision) {
    return event(Event.EventType.PUT, key, "x", revision);
  }

  private static Event deletion(String key, long revision) {
    return event(Event.EventType.DELETE, key, "", revision);
  }

  private static Event event(Event.EventType type, String key, String value, long revision) {
    return Event.newBuilder()
        .setType(type)
        .setKv(
            KeyValue.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value))
                .setModRevision(revision))
        .build();
  }
}
