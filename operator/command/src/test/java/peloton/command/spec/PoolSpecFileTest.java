package peloton.command.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.respool.Respool.ReservationType;
import peloton.api.v1alpha.respool.Respool.SchedulingPolicy;

class PoolSpecFileTest {
  @Test
  void readsThePoolAndItsPlace() {
    PoolSpecFile file =
        read(
            """
            path: /a/b
            owningteam: t
            resources:
            - {kind: cpu, reservation: 1.5, limit: 2, share: 1, type: 1}
            policy: 1
            controllerlimit: {maxpercent: 20}
            slacklimit: {maxPercent: 30}
            """);

    assertThat(file.path()).contains("/a/b");
    assertThat(file.parentPath()).isEmpty();
    assertThat(file.spec().getOwningTeam()).isEqualTo("t");
    assertThat(file.spec().getResources(0).getReservation()).isEqualTo(1.5);
    assertThat(file.spec().getResources(0).getType())
        .isEqualTo(ReservationType.RESERVATION_TYPE_ELASTIC);
    assertThat(file.spec().getPolicy()).isEqualTo(SchedulingPolicy.SCHEDULING_POLICY_PRIORITY_FIFO);
    assertThat(file.spec().getControllerLimit().getMaxPercent()).isEqualTo(20);
    assertThat(file.spec().getSlackLimit().getMaxPercent()).isEqualTo(30);
  }

  @Test
  void tellsAParentByPathFromAParentById() {
    assertThat(read("name: b\nparent: /a\n").parentPath()).contains("/a");
    assertThat(read("name: b\nparent: /a\n").spec().hasParent()).isFalse();
    assertThat(read("name: b\nparent: some-id\n").parentPath()).isEmpty();
    assertThat(read("name: b\nparent: some-id\n").spec().getParent().getValue())
        .isEqualTo("some-id");
  }

  private static PoolSpecFile read(String text) {
    return PoolSpecFile.parseAll("f", text).get(0);
  }
}
