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
    refused(cpus(1).addReservations(Resource.ReservationInfo.newBuilder()), "reserved for no role");
    refused(cpus(1).addReservations(reservation("web").clearType()), "without a type");
    refused(cpus(1).setShared(Resource.SharedInfo.newBuilder()), "shared");
    refused(
        cpus(1).setDisk(Resource.DiskInfo.newBuilder()), "DiskInfo is set on the resource cpus");
    refused(cpus(-1), "-1.0");
    refused(cpus(Double.NaN), "NaN");
    refused(cpus(1).clearScalar(), "scalar");
    refused(Resource.newBuilder().setName("x").setType(Value.Type.SET), "SET");
  }

  @Test
  void reservedResourcesReadTheSameInBothFormats() {
    var refined = cpus(1).addReservations(reservation("web")).build();
    var kept = Resources.of(List.of(refined), "web");
    assertThat(kept.toProto(Optional.empty(), false)).containsExactly(refined);
    var older = kept.toProto(Optional.empty(), true);
    assertThat(older.get(0).getReservationsCount()).isZero();
    assertThat(older.get(0).toString())
        .contains("role: \"web\"", "reservation {", "principal: \"ops\"");
    assertThat(Resources.of(older, "web")).isEqualTo(kept);
    assertThat(kept).hasToString("cpus(reserved: web):1");
    assertThat(kept).isNotEqualTo(Resources.scalar("cpus", 1));
    assertThat(kept.quantities()).isEqualTo(Resources.scalar("cpus", 1));
  }

  @Test
  void whatIsReservedIsForItsRoleAndThoseBeneathIt() {
    var plain = Resources.scalar("cpus", 2);
    var all =
        plain
            .plus(Resources.of(List.of(cpus(1).addReservations(reservation("web")).build()), "web"))
            .plus(Resources.revocable("cpus", 4));
    assertThat(all.offerableTo("db", false, true)).isEqualTo(plain);
    assertThat(all.offerableTo("website", false, true)).isEqualTo(plain);
    assertThat(all.offerableTo("web", false, true).thousandths("cpus")).isEqualTo(3000);
    assertThat(all.offerableTo("web/shop", false, true).thousandths("cpus")).isEqualTo(3000);
    assertThat(all.offerableTo("web", true, true)).isEqualTo(all);
    assertThat(all.mixesRevocable()).isTrue();
    assertThat(plain.mixesRevocable()).isFalse();
  }

  private static Resource.ReservationInfo.Builder reservation(String role) {
    return Resource.ReservationInfo.newBuilder()
        .setType(Resource.ReservationInfo.Type.DYNAMIC)
        .setRole(role)
        .setPrincipal("ops");
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
