package peloton.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PodLedgerTest {
  private static final int PODS = 400;
  private static final int AGENTS = 30;

  @Test
  void countsByAgentFollowPodsThatComeMoveAndGo() {
    Random random = new Random(1);
    PodLedger ledger = new PodLedger();
    int[] where = new int[PODS];
    Arrays.fill(where, -1);
    for (int step = 0; step < 3_000; step++) {
      int instance = random.nextInt(PODS);
      if (random.nextInt(3) == 0) {
        ledger.remove("job", instance);
        where[instance] = -1;
      } else {
        where[instance] = random.nextInt(AGENTS);
        ledger.put("job", instance, where[instance], null);
      }
      if (step % 50 == 0) {
        assertCounts(ledger, where);
      }
    }
    PodLedger copy = ledger.copy();
    int[] before = where.clone();
    for (int instance = 0; instance < PODS; instance++) {
      ledger.remove("job", instance);
    }

    assertCounts(copy, before);
    assertThat(ledger.bySlot("job").highest()).isZero();
  }

  @Test
  void whoAsksMayChangeTheCounts() {
    PodLedger ledger = new PodLedger();
    for (int instance = 0; instance < PODS; instance++) {
      ledger.put("job", instance, 0, null);
    }

    ledger.bySlot("job").add(0, 5);

    assertThat(ledger.bySlot("job").of(0)).isEqualTo(PODS);
  }

  private static void assertCounts(PodLedger ledger, int[] where) {
    int[] expected = new int[AGENTS];
    for (int slot : where) {
      if (slot >= 0) {
        expected[slot]++;
      }
    }
    SlotCounts counts = ledger.bySlot("job");
    int highest = 0;
    for (int slot = 0; slot < AGENTS; slot++) {
      assertThat(counts.of(slot)).as("agent %d", slot).isEqualTo(expected[slot]);
      highest = Math.max(highest, expected[slot]);
    }
    assertThat(counts.highest()).isEqualTo(highest);
  }
}
