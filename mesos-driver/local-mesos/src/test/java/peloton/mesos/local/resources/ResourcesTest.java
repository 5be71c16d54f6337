package peloton.mesos.local.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.mesos.local.resources.Ranges.Range;

class ResourcesTest {

  @Test
  void scalarsAreCountedInThousandths() {
    var tenTimes = Resources.NONE;
    for (int i = 0; i < 10; i++) {
      tenTimes = tenTimes.plus(Resources.scalar("cpus", 0.1));
    }
    assertThat(tenTimes).isEqualTo(Resources.scalar("cpus", 1));
    assertThat(Resources.scalar("cpus", 0.0004)).isEqualTo(Resources.NONE);
    assertThat(Resources.scalar("cpus", 0.0006)).isEqualTo(Resources.scalar("cpus", 0.001));
  }

  @ParameterizedTest
  @CsvSource({
    "1-10, 3-4, '[1-2, 5-10]'",
    "1-10, 1-10, '[]'",
    "1-10, 5-20, '[1-4]'",
    "5-10, 1-5, '[6-10]'",
    "1-10, 11-12, '[1-10]'"
  })
  void rangesAreCut(String from, String cut, String left) {
    assertThat(ranges(from).minus(ranges(cut))).hasToString(left);
  }

  @Test
  void rangesThatTouchBecomeOne() {
    assertThat(ranges("3-4").plus(ranges("1-2")).plus(ranges("8-9"))).hasToString("[1-4, 8-9]");
  }

  @Test
  void containsLooksAtEveryKind() {
    var all = Resources.scalar("cpus", 2).plus(Resources.ranges("ports", ranges("10-20")));
    assertThat(all.contains(Resources.scalar("cpus", 2))).isTrue();
    assertThat(all.contains(Resources.scalar("cpus", 2.001))).isFalse();
    assertThat(all.contains(Resources.scalar("gpus", 1))).isFalse();
    assertThat(all.contains(Resources.ranges("ports", ranges("20-21")))).isFalse();
    assertThatThrownBy(() -> all.minus(Resources.scalar("mem", 1)))
        .hasMessage("cpus:2; ports:[10-20] does not contain mem:1");
  }

  @Test
  void theProtocolFormSaysRoleAndAllocationOnlyWhenAsked() {
    var cpus = Resources.scalar("cpus", 1.5);
    var plain = cpus.toProto(Optional.empty(), false).get(0);
    assertThat(plain.hasAllocationInfo()).isFalse();
    assertThat(plain.toString()).doesNotContain("role");
    var full = cpus.toProto(Optional.of("web"), true).get(0);
    assertThat(full.getAllocationInfo().getRole()).isEqualTo("web");
    assertThat(full.toString()).contains("role: \"*\"");
    assertThat(Resources.of(List.of(full), "web")).isEqualTo(cpus);
  }

  @Test
  void whatNoLocalAgentHasIsRefusedWithItsReason() {
    refused(cpus(1).setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("a")), "'a'");
    refused(cpus(1).addReservations(Resource.ReservationInfo.newBuilder()), "reserved");
    refused(cpus(1).setRevocable(Resource.RevocableInfo.newBuilder()), "revocable");
    refused(cpus(-1), "-1.0");
    refused(cpus(Double.NaN), "NaN");
    refused(cpus(1).clearScalar(), "scalar");
    refused(Resource.newBuilder().setName("x").setType(Value.Type.SET), "SET");
  }

  private static void refused(Resource.Builder resource, String part) {
    assertThatThrownBy(() -> Resources.of(List.of(resource.build()), "*"))
        .isInstanceOf(InvalidResources.class)
        .hasMessageContaining(part);
  }

  private static Resource.Builder cpus(double amount) {
    return Resource.newBuilder()
        .setName("cpus")
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(amount));
  }

  private static Ranges ranges(String text) {
    var ends = text.split("-");
    return new Ranges(List.of(new Range(Long.parseLong(ends[0]), Long.parseLong(ends[1]))));
  }
}
