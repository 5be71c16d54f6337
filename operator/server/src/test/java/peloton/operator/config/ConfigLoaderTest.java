package peloton.operator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  @TempDir Path dir;

  @Test
  void everythingHasADefault() {
    OperatorConfig config = OperatorConfig.defaults();

    assertThat(config.etcd().endpoints()).containsExactly("127.0.0.1:2379");
    assertThat(config.etcd().prefix()).isEqualTo("/peloton/v1alpha/");
    assertThat(config.etcd().leaseTtl()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.etcd().credentials()).isEmpty();
    assertThat(config.listen().ports()).containsExactly(5392);
    assertThat(config.listen().advertisedAddress()).isEmpty();
    assertThat(config.mesos().masters()).containsExactly("127.0.0.1:5050");
    assertThat(config.framework().failoverTimeout()).isEqualTo(Duration.ofDays(28));
    assertThat(config.pods().backoffMin()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.limits().staleness()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.limits().watches()).isEqualTo(1000);
    assertThat(config.logging().level()).isEqualTo("info");
  }

  @Test
  void flagsOverrideTheEnvironmentWhichOverridesTheFile() throws IOException {
    Path file =
        write(
            """
            etcd:
              prefix: /file/
              leaseTtl: 7s
            mesos.masters: [m1:5050, m2:5051]
            listen: {ports: [5392, 5391, 5394]}
            """);

    OperatorConfig config =
        new ConfigLoader()
            .file(file)
            .environment(
                Map.of("PELOTON_ETCD_PREFIX", "/env/", "PELOTON_ETCD_LEASE_TTL", "8s", "HOME", "x"))
            .flags(List.of("--etcd-prefix", "/flag/", "--log-level=debug"))
            .load();

    assertThat(config.etcd().prefix()).isEqualTo("/flag/");
    assertThat(config.etcd().leaseTtl()).isEqualTo(Duration.ofSeconds(8));
    assertThat(config.mesos().masters()).containsExactly("m1:5050", "m2:5051");
    assertThat(config.listen().ports()).containsExactly(5392, 5391, 5394);
    assertThat(config.logging().level()).isEqualTo("debug");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--etcd-endpoints | a b | etcd.endpoints: \"a b\" (from flag --etcd-endpoints)",
        "--etcd-prefix | peloton | a text that ends with a slash",
        "--etcd-lease-ttl | 1s | from 2s to 300s",
        "--etcd-lease-ttl | 2500ms | whole seconds",
        "--etcd-request-timeout | 5 | a number with a unit (ms, s, m, h, d) from 100ms to 60s",
        "--listen-ports | 5392,70000 | a port from 0 to 65535",
        "--listen-ports | 5392,5392 | each port once",
        "--listen-advertised-address | here | host:port",
        "--listen-reflection | yes | true or false",
        "--listen-tls-certificate | /none.pem | listen.tlsKey too",
        "--listen-tls-client-ca | /none.pem | listen.tlsCertificate too",
        "--etcd-tls-ca | /none.pem | a file that can be read",
        "--etcd-tls-key | /none.key | etcd.tlsCertificate too",
        "--mesos-masters | ' ' | one or more, each host:port",
        "--mesos-agent-work-dir | mesos | an absolute path",
        "--mesos-backoff-max | 10ms | no less than mesos.backoffMin, which is 200ms",
        "--mesos-secret | x | needs mesos.principal too",
        "--mesos-secret-file | /none | needs mesos.principal too",
        "--mesos-masters | http://m:5050 | each host:port or https://host:port",
        "--mesos-masters | https://m:5050,n:5050 | https:// before every master or before none",
        "--mesos-tls-ca | /dev/null | only with https:// before each of mesos.masters",
        "--mesos-tls-key | /none.key | mesos.tlsCertificate too",
        "--framework-role | -r | a Mesos role",
        "--framework-name | ' ' | a text that is not empty",
        "--pods-backoff-max | 1s | no less than pods.backoffMin, which is 30s",
        "--limits-calls | 0 | a number from 1 to 1000000",
        "--limits-watches | many | a number from 0 to 1000000",
        "--log-level | loud | error, warn, info, debug or trace",
        "--no-such | 1 | --no-such: no such flag; there are --etcd-endpoints",
      })
  void aWrongValueIsNamedWithWhatIsAllowed(String flag, String value, String message) {
    assertThatThrownBy(() -> new ConfigLoader().flags(List.of(flag + "=" + value)).load())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void everyProblemIsReportedAtOnce() throws IOException {
    Path file = write("etcd: {prefx: /a/, leaseTtl: 1h}\nspeed: 9\n");

    ConfigException failure =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                new ConfigLoader()
                    .file(file)
                    .environment(Map.of("PELOTON_LIMITS_STOP", "soon"))
                    .load());

    assertThat(failure.problems())
        .hasSize(4)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("etcd.prefx (from " + file + "): no such setting")
                    .contains("etcd.prefix"))
        .anySatisfy(problem -> assertThat(problem).startsWith("speed (from"))
        .anySatisfy(problem -> assertThat(problem).contains("etcd.leaseTtl: \"1h\""))
        .anySatisfy(
            problem ->
                assertThat(problem).contains("from environment variable PELOTON_LIMITS_STOP"));
  }

  @Test
  void aFileThatIsNotYamlIsNamedWithTheLine() throws IOException {
    Path file = write("etcd:\n  prefix: [\n");

    assertThatThrownBy(() -> new ConfigLoader().file(file).load())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file + ", line ")
        .hasMessageContaining("is not YAML");
  }

  @Test
  void aFileThatIsMissingIsNamed() {
    Path file = dir.resolve("none.yaml");

    assertThatThrownBy(() -> new ConfigLoader().file(file).load())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file + ": cannot be read");
  }

  @Test
  void anEmptyFileSetsNothing() throws IOException {
    assertThat(new ConfigLoader().file(write("# nothing\n")).load())
        .isEqualTo(OperatorConfig.defaults());
  }

  @Test
  void whatIsPrintedIsAFileAgainButForSecrets() throws IOException {
    ConfigLoader loader =
        new ConfigLoader()
            .flags(
                List.of(
                    "--etcd-user=me",
                    "--etcd-password=hunter2",
                    "--framework-name=a \"b\"",
                    "--listen-ports=0,0"));

    String printed = loader.print();

    assertThat(printed).doesNotContain("hunter2").contains("password: \"***\"");
    OperatorConfig again = new ConfigLoader().file(write(printed)).load();
    assertThat(again.framework().name()).isEqualTo("a \"b\"");
    assertThat(again.listen()).isEqualTo(loader.load().listen());
  }

  @Test
  void secretsStayOutOfTextAndMessages() {
    OperatorConfig config =
        new ConfigLoader().flags(List.of("--mesos-principal=p", "--mesos-secret=hunter2")).load();

    assertThat(config.toString()).doesNotContain("hunter2");
    assertThat(config.mesos().credentials())
        .contains(new OperatorConfig.Credentials("p", "hunter2"));
  }

  @Test
  void theSecretForMesosMayComeFromAFile() throws IOException {
    String file = write("\n hunter2 \n").toString();

    OperatorConfig config =
        new ConfigLoader()
            .flags(List.of("--mesos-principal=p", "--mesos-secret-file=" + file))
            .load();

    assertThat(config.mesos().credentials())
        .contains(new OperatorConfig.Credentials("p", "hunter2"));
    assertThatThrownBy(
            () ->
                new ConfigLoader()
                    .flags(
                        List.of(
                            "--mesos-principal=p",
                            "--mesos-secret=other",
                            "--mesos-secret-file=" + file))
                    .load())
        .hasMessageContaining("not together with mesos.secret")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(
            () ->
                new ConfigLoader()
                    .flags(List.of("--mesos-principal=p", "--mesos-secret-file=" + file + ".gone"))
                    .load())
        .hasMessageContaining("a file that can be read and holds a secret");
  }

  @Test
  void mastersAreReachedOverTlsWhenEachSaysSo() throws IOException {
    Path file = write("pem");

    OperatorConfig config =
        new ConfigLoader()
            .flags(List.of("--mesos-masters=https://a:1,https://b:2", "--mesos-tls-ca=" + file))
            .load();

    assertThat(config.mesos().masters()).containsExactly("a:1", "b:2");
    assertThat(config.mesos().tls())
        .contains(new OperatorConfig.MesosTls(Optional.of(file), Optional.empty()));
    assertThat(OperatorConfig.defaults().mesos().tls()).isEmpty();
  }

  @Test
  void keysForSecretsAreReadAndNotShown() {
    String key = Base64.getEncoder().encodeToString(new byte[32]);

    OperatorConfig config =
        new ConfigLoader().flags(List.of("--secrets-keys=new=" + key + ", old=" + key)).load();

    assertThat(config.secrets().orElseThrow()).hasToString("keys [new, old], sealing with \"new\"");
    assertThat(config.toString()).doesNotContain(key);
    assertThat(OperatorConfig.defaults().secrets()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"k", "k=", "k=AAAA", "=AAAA", "k=!!!!", "a=$,a=$", "a=$,,b=$"})
  void keysForSecretsThatAreNoneAreRefusedUnseen(String keys) {
    String key = Base64.getEncoder().encodeToString(new byte[32]);

    assertThatThrownBy(
            () ->
                new ConfigLoader()
                    .flags(List.of("--secrets-keys=" + keys.replace("$", key)))
                    .load())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("secrets.keys")
        .hasMessageContaining("base64 text of 32 bytes")
        .hasMessageNotContaining(key);
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void everySettingIsFoundByEachOfItsNames(Setting setting) {
    assertThat(Setting.byKey(setting.key())).contains(setting);
    assertThat(Setting.byFlag(setting.flag())).contains(setting);
    assertThat(setting.variable()).matches("PELOTON(_[A-Z]+)+");
    assertThat(setting.description()).isNotBlank();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(dir.resolve("config.yaml"), text);
  }
}
