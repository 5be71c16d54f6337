package peloton.store.commit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.store.Txn;
import peloton.store.Txn.Write;
import peloton.store.TxnRules;
import peloton.store.memory.MemoryData;
import peloton.store.memory.MemoryStore;

class BatchTest {
  private final Batch batch = new Batch(4, 100);

  @Test
  void keepsTheLastWordOnAKey() {
    assertThat(batch.addAll(List.of(put("a", "1"), put("b", "1"), put("a", "2")))).isTrue();
    assertThat(batch.add(delete("b"))).isTrue();

    assertThat(batch.writes()).containsExactlyInAnyOrder(put("a", "2"), delete("b"));
    assertThat(batch.bytes()).isEqualTo(3);
  }

  @Test
  void takesAllOrNothing() {
    assertThat(batch.addAll(List.of(put("a", "1"), put("b", "1")))).isTrue();
    assertThat(batch.addAll(List.of(put("c", "1"), put("d", "1"), put("e", "1")))).isFalse();
    assertThat(batch.size()).isEqualTo(2);

    assertThat(batch.addAll(List.of(put("c", "1"), put("d", "1"), put("a", "2")))).isTrue();
    assertThat(batch.size()).isEqualTo(4);
    assertThat(batch.add(put("e", "1"))).isFalse();
    assertThat(batch.add(put("a", "3"))).isTrue();
  }

  @Test
  void countsBytesOfWhatIsLeftOnly() {
    String half = "x".repeat(49);
    assertThat(batch.add(put("a", half))).isTrue();
    assertThat(batch.add(put("b", half))).isTrue();
    assertThat(batch.bytes()).isEqualTo(100);
    assertThat(batch.add(delete("c"))).isFalse();
    assertThat(batch.add(put("a", "y".repeat(49)))).isTrue();
    assertThat(batch.add(put("a", "y".repeat(50)))).isFalse();
    assertThat(batch.add(delete("b"))).isTrue();
    assertThat(batch.bytes()).isEqualTo(51);
  }

  @Test
  void deletingAPrefixDropsWhatItCovers() {
    batch.addAll(List.of(put("a/1", "1"), delete("a/2"), put("b", "1"), deleteAll("a/x/")));
    assertThat(batch.add(deleteAll("a/"))).isTrue();

    assertThat(batch.writes()).containsExactlyInAnyOrder(put("b", "1"), deleteAll("a/"));
  }

  @Test
  void aPutBelowADeletedPrefixWaits() {
    batch.add(deleteAll("a/"));

    assertThat(batch.add(put("a/1", "1"))).isFalse();
    assertThat(batch.addAll(List.of(put("b", "1"), put("a/1", "1")))).isFalse();
    assertThat(batch.size()).isEqualTo(1);
    assertThat(batch.add(put("ab", "1"))).isTrue();
  }

  @Test
  void deletingAgainBelowADeletedPrefixCostsNothing() {
    batch.add(deleteAll("a/"));

    assertThat(batch.addAll(List.of(delete("a/1"), deleteAll("a/x/"), deleteAll("a/")))).isTrue();
    assertThat(batch.writes()).containsExactly(deleteAll("a/"));
  }

  @Test
  void aDeletionOfAPrefixFitsInAFullBatchIfItMakesRoom() {
    for (int i = 0; i < 4; i++) {
      batch.add(put("a/" + i, "1"));
    }
    assertThat(batch.add(deleteAll("b/"))).isFalse();
    assertThat(batch.add(deleteAll("a/"))).isTrue();
    assertThat(batch.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aTransactionEndsWhereItsWritesOneByOneWouldEnd(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      MemoryStore oneByOne = store();
      MemoryStore together = store();
      List<Write> before = randomWrites(random, 6);
      before.forEach(write -> commit(oneByOne, List.of(write)));
      before.forEach(write -> commit(together, List.of(write)));

      Batch all = new Batch(8, 60);
      List<Write> taken = new ArrayList<>();
      List<Write> group = randomWrites(random, 1 + random.nextInt(4));
      while (all.addAll(group)) {
        taken.addAll(group);
        group = randomWrites(random, 1 + random.nextInt(4));
        if (taken.size() > 40) {
          break;
        }
      }
      taken.forEach(write -> commit(oneByOne, List.of(write)));
      commit(together, all.writes());

      assertThat(contents(together)).as("after %s", taken).isEqualTo(contents(oneByOne));
      assertThat(all.size()).isLessThanOrEqualTo(8);
      assertThat(all.bytes())
          .isLessThanOrEqualTo(60)
          .isEqualTo(all.writes().stream().mapToInt(TxnRules::bytes).sum());
    }
  }

  private static List<Write> randomWrites(Random random, int count) {
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String top = List.of("a/", "b/").get(random.nextInt(2));
      String key = top + List.of("", "x/").get(random.nextInt(2)) + random.nextInt(3);
      switch (random.nextInt(6)) {
        case 0 -> writes.add(delete(key));
        case 1 -> writes.add(deleteAll(top + List.of("", "x/").get(random.nextInt(2))));
        default -> writes.add(put(key, Integer.toString(random.nextInt(100))));
      }
    }
    return writes;
  }

  private static MemoryStore store() {
    return new MemoryStore(new MemoryData(() -> java.time.Instant.EPOCH), Runnable::run);
  }

  private static void commit(MemoryStore store, List<Write> writes) {
    assertThat(store.commit(new Txn(List.of(), writes)).join().committed()).isTrue();
  }

  private static Map<String, ByteString> contents(MemoryStore store) {
    Map<String, ByteString> contents = new TreeMap<>();
    for (String top : List.of("a/", "b/")) {
      store.range(top, 0).join().entries().forEach(kv -> contents.put(kv.key(), kv.value()));
    }
    return contents;
  }

  private static Write put(String key, String value) {
    return new Write.Put(key, ByteString.copyFromUtf8(value));
  }

  private static Write delete(String key) {
    return new Write.Delete(key);
  }

  private static Write deleteAll(String prefix) {
    return new Write.DeletePrefix(prefix);
  }
}
