package peloton.store.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import peloton.records.PodRecord;

class PodTableTest {
  private final PodTable table = new PodTable();

  @Test
  void holdsWhatWasSetAndNothingElse() {
    assertThat(table.set(3, run(1))).isNull();
    assertThat(table.set(3, run(2))).isEqualTo(run(1));

    assertThat(table.get(3)).isEqualTo(run(2));
    assertThat(table.get(0)).isNull();
    assertThat(table.get(4_000)).isNull();
    assertThat(table.size()).isEqualTo(1);
    assertThat(table.bound()).isGreaterThan(3);
  }

  @Test
  void forgetsWhatWasRemoved() {
    table.set(0, run(1));
    assertThat(table.set(0, null)).isEqualTo(run(1));
    assertThat(table.set(0, null)).isNull();
    assertThat(table.set(100, null)).isNull();

    assertThat(table.get(0)).isNull();
    assertThat(table.size()).isZero();
  }

  @Test
  void aDamagedInstanceNumberClaimsNoMemory() {
    assertThatThrownBy(() -> table.set(Integer.MAX_VALUE, run(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> table.set(-1, run(1))).isInstanceOf(IllegalArgumentException.class);
    assertThat(table.bound()).isZero();
  }

  @Test
  void aReaderBesideTheWriterNeverSeesARunGoBackOrVanish() {
    int instances = 500;
    AtomicBoolean done = new AtomicBoolean();
    long[] seen = new long[instances];
    CompletableFuture<String> reader =
        CompletableFuture.supplyAsync(
            () -> {
              while (!done.get()) {
                for (int i = 0; i < instances; i++) {
                  PodRecord pod = table.get(i);
                  long run = pod == null ? 0 : pod.getRun();
                  if (run < seen[i]) {
                    return "instance " + i + " went from run " + seen[i] + " to " + run;
                  }
                  seen[i] = run;
                }
              }
              return "";
            });
    for (int run = 1; run <= 200; run++) {
      for (int i = 0; i < Math.min(instances, run * 5); i++) {
        table.set(i, run(run));
      }
    }
    done.set(true);

    assertThat(reader.join()).isEmpty();
    assertThat(table.size()).isEqualTo(instances);
  }

  private static PodRecord run(long number) {
    return PodRecord.newBuilder().setRun(number).build();
  }
}
