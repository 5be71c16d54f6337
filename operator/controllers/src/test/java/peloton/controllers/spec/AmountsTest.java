package peloton.controllers.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {
  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({"0.25, 250m", "2, 2", "0.30000000000000004, 300m", "0, 0", "1.5, 1500m"})
  void coresAreWholeOrThousandths(double cores, String text) {
    assertThat(Amounts.ofCount(cores).toString()).isEqualTo(text);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({"512, 512Mi", "0, 0Mi", "1.5, 1536Ki", "65536, 65536Mi"})
  void megabytesAreWholeMiOrKi(double megabytes, String text) {
    assertThat(Amounts.ofMegabytes(megabytes).toString()).isEqualTo(text);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({"1Gi, 1024", "1.5Gi, 1536", "1048576, 1", "1G, 953.67431640625", "1Ti, 1048576"})
  void memoryIsCountedInMi(String text, double megabytes) {
    Problems problems = new Problems();

    assertThat(Amounts.megabytes(new Quantity(text), "memory", problems)).isEqualTo(megabytes);
    assertThat(problems.with("").violations()).isEmpty();
  }

  @Test
  void sizesAreRoundedUp() {
    assertThat(Amounts.wholeMegabytes(new Quantity("1100Ki"), "size", new Problems())).isEqualTo(2);
  }

  @Test
  void whatIsNoNumberIsAProblem() {
    Problems problems = new Problems();

    assertThat(Amounts.count(new Quantity("lots"), "cpu", problems)).isZero();
    assertThat(problems.with("").violations()).hasSize(1);
  }
}
