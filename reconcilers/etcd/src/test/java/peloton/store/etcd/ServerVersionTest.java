package peloton.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerVersionTest {

  @ParameterizedTest
  @CsvSource({
    "3.3.27, false",
    "3.4.23, false",
    "3.4.25, true",
    "3.5.7, false",
    "3.5.8, true",
    "3.5.21, true",
    "3.6.0, true",
    "3.6.0-rc.3, true",
    "4.0.0, true",
    "2.3.8, false",
    "unknown, false"
  })
  void knowsWhoAnswersProgressInOrder(String version, boolean inOrder) {
    assertThat(ServerVersion.parse(version).answersProgressInOrder()).isEqualTo(inOrder);
  }
}
