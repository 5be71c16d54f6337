package peloton.command.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {

  @Test
  void aPercentileIsOneOfTheValues() {
    Percentiles hundred =
        new Percentiles(LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray());
    assertThat(hundred.at(50)).isEqualTo(50);
    assertThat(hundred.at(99)).isEqualTo(99);
    assertThat(hundred.at(100)).isEqualTo(100);
    assertThat(hundred.at(0.1)).isEqualTo(1);
    Percentiles few = new Percentiles(new long[] {30, 10, 20});
    assertThat(few.at(50)).isEqualTo(20);
    assertThat(few.at(99)).isEqualTo(30);
    assertThat(new Percentiles(new long[] {7}).at(1)).isEqualTo(7);
  }

  @Test
  void withoutValuesThereAreNone() {
    Percentiles none = new Percentiles(new long[0]);
    assertThatThrownBy(() -> none.at(50)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theMedianOfAnEvenNumberIsTheLowerOfTheTwo() {
    assertThat(Percentiles.median(new double[] {3, 1, 2})).isEqualTo(2);
    assertThat(Percentiles.median(new double[] {4, 1, 3, 2})).isEqualTo(2);
  }
}
