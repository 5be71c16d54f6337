package peloton.store.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordKeyTest {
  private static final String JOB = "6f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f11";

  static Stream<RecordKey> everyKey() {
    return Stream.of(
        new RecordKey.JobGoal(JOB),
        new RecordKey.JobSpec(JOB, 0),
        new RecordKey.JobSpec(JOB, Long.MAX_VALUE),
        new RecordKey.WorkflowRequest(JOB, 3),
        new RecordKey.PodGoal(JOB, 0),
        new RecordKey.PodGoal(JOB, Integer.MAX_VALUE),
        new RecordKey.Secret(JOB, "0b54fba2-6f5f-4a43-9a39-1b7f28f1c7a0"),
        new RecordKey.Pool("root"),
        new RecordKey.PoolUsage("root"),
        new RecordKey.PoolName("root", "infra"),
        new RecordKey.JobName("web", 1_767_225_600_000_000_000L, JOB),
        new RecordKey.Lockdown(),
        new RecordKey.Schema(),
        new RecordKey.JobStatus(JOB),
        new RecordKey.JobWaiting(JOB),
        new RecordKey.WorkflowStatus(JOB, 12),
        new RecordKey.Pod(JOB, 49_999),
        new RecordKey.PodHistory(JOB, 7, 8),
        new RecordKey.InstanceLastRun(JOB, 7),
        new RecordKey.JobLastRun(JOB),
        new RecordKey.HostGoal("host-1.example.org"),
        new RecordKey.HostPool("stateless"),
        new RecordKey.Host("host-1.example.org"),
        new RecordKey.VolumeGoal("v-1"),
        new RecordKey.Volume("v-1"),
        new RecordKey.Framework(),
        new RecordKey.Leader());
  }

  @Test
  void everyKindOfKeyIsAmongTheExamples() {
    assertThat(everyKey().map(Object::getClass).distinct())
        .containsExactlyInAnyOrder(RecordKey.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("everyKey")
  void whatIsWrittenIsReadBack(RecordKey key) {
    assertThat(RecordKey.parse(key.path())).contains(key);
    assertThat(key.parser()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("everyKey")
  void everyKeyHasOneSpelling(RecordKey key) {
    for (String other :
        List.of(key.path() + "/", "/" + key.path(), key.path() + "x/y", key.path().toUpperCase())) {
      RecordKey.parse(other).ifPresent(read -> assertThat(read.path()).isEqualTo(other));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web",
        "a/b",
        "..",
        "100%",
        "%2F",
        "a b+c",
        "Zürich",
        "東京🚆",
        "line\nbreak",
        "\u0000",
        "*~-_.",
        "pod/0000000000000000001"
      })
  void namesThatPeopleChooseStayWithinTheirPlace(String name) {
    RecordKey.JobName job = new RecordKey.JobName(name, 5, JOB);
    RecordKey.PoolName pool = new RecordKey.PoolName("root", name);

    assertThat(RecordKey.parse(job.path())).contains(job);
    assertThat(RecordKey.parse(pool.path())).contains(pool);
    assertThat(job.path().split("/", -1)).hasSize(5);
    assertThat(pool.path().split("/", -1)).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "leader/x",
        "something",
        "desired",
        "desired/jobs",
        "desired/jobs//goal",
        "desired/jobs/x/gaol",
        "desired/jobs/x/spec/7",
        "desired/jobs/x/spec/-000000000000000007",
        "desired/jobs/x/spec/+000000000000000007",
        "desired/jobs/x/spec/00000000000000000007",
        "desired/jobs/x/spec/9999999999999999999",
        "desired/jobs/x/spec/000000000000000000x",
        "desired/jobs/x/spec/٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٧",
        "desired/jobs/x/other/0000000000000000007",
        "desired/jobs/x/pod/0000000002147483648",
        "desired/jobs/x/secret/",
        "desired/jobs/x/secret/a/b",
        "desired/pools/",
        "desired/pool-names/root/%zz",
        "desired/job-names/web/5/x",
        "actual/jobs/x/pod/9223372036854775807",
        "past-runs/x/0000000000000000001",
        "past-runs/x/0000000002147483648/0000000000000000001",
        "actual/frameworks"
      })
  void aForeignKeyIsNobodys(String path) {
    assertThat(RecordKey.parse(path)).isEmpty();
  }

  @Test
  void theOrderOfKeysIsTheOrderOfNumbers() {
    List<String> paths = new ArrayList<>();
    for (long number = 1; number > 0 && number < Long.MAX_VALUE / 7; number *= 7) {
      paths.add(new RecordKey.JobSpec(JOB, number).path());
    }
    assertThat(paths).isSorted().hasSizeGreaterThan(15);
  }

  @Test
  void aNumberHasNineteenDigits() {
    assertThat(new RecordKey.Pod(JOB, 42).path())
        .isEqualTo("actual/jobs/" + JOB + "/pod/0000000000000000042");
  }

  @Test
  void aNegativeNumberHasNoKey() {
    assertThatThrownBy(() -> new RecordKey.Pod(JOB, -1).path())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void theHistoryOfAnInstanceLiesBelowItsPrefix() {
    assertThat(new RecordKey.PodHistory(JOB, 4, 2).path())
        .startsWith(RecordKey.PodHistory.prefix(JOB, 4))
        .startsWith(RecordKey.pastRunsOf(JOB));
    assertThat(new RecordKey.PodHistory(JOB, 41, 2).path())
        .doesNotStartWith(RecordKey.PodHistory.prefix(JOB, 4));
  }

  @Test
  void pastRunsSortBehindAllOtherRecords() {
    assertThat(
            everyKey().map(RecordKey::path).filter(path -> !path.startsWith(RecordKey.PAST_RUNS)))
        .isNotEmpty()
        .allSatisfy(path -> assertThat(path).isLessThan(RecordKey.PAST_RUNS));
  }

  @Test
  void aKeyOfAnotherClusterIsForeign() {
    Keyspace ours = new Keyspace("/a/");
    assertThat(ours.parse(ours.key(new RecordKey.Leader()))).contains(new RecordKey.Leader());
    assertThat(ours.parse("/ab/leader")).isEmpty();
    assertThatThrownBy(() -> new Keyspace("/a")).hasMessageContaining("/a");
  }
}
