package peloton.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:2379, 127.0.0.1, 2379, 127.0.0.1:2379",
    "etcd-0.etcd:2379, etcd-0.etcd, 2379, etcd-0.etcd:2379",
    "http://etcd:2379, etcd, 2379, etcd:2379",
    "https://etcd:2379, etcd, 2379, etcd:2379",
    "[::1]:2379, ::1, 2379, [::1]:2379"
  })
  void readsAnEndpoint(String given, String host, int port, String authority) {
    Endpoint endpoint = Endpoint.parse(given);

    assertThat(endpoint).isEqualTo(new Endpoint(host, port));
    assertThat(endpoint.authority()).isEqualTo(authority);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "etcd", "etcd:", "etcd:0", "etcd:x", ":2379", "ftp://etcd:2379", "a@b:1"})
  void refusesAnythingElse(String given) {
    assertThatThrownBy(() -> EtcdSettings.of(List.of(given)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + given + "\"")
        .hasMessageContaining("host:port");
  }

  @Test
  void namesWhatIsWrong() {
    EtcdSettings settings = EtcdSettings.of(List.of("etcd:2379"));

    assertThatThrownBy(() -> EtcdSettings.of(List.of())).hasMessageContaining("endpoints");
    assertThatThrownBy(() -> settings.withRequestTimeout(Duration.ZERO))
        .hasMessageContaining("request timeout");
    assertThatThrownBy(() -> settings.withWatchCheck(Duration.ofSeconds(-1)))
        .hasMessageContaining("watch check");
  }

  @Test
  void keepsThePasswordToItself() {
    EtcdSettings settings =
        EtcdSettings.of(List.of("etcd:2379")).withLogin(new EtcdSettings.Login("joe", "secret"));

    assertThat(settings.toString()).contains("joe").doesNotContain("secret");
  }

  @Test
  void givesTheChannelEveryEndpoint() {
    assertThat(EndpointResolverProvider.target(List.of("a:1", "http://b:2", "[::1]:3")))
        .isEqualTo("peloton-etcd:///a:1,b:2,%5B::1%5D:3");
  }
}
