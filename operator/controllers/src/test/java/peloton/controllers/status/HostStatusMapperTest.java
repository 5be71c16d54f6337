package peloton.controllers.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.crds.host.HostMaintenanceSpec;
import peloton.crds.host.HostMaintenanceStatus;
import peloton.crds.host.MaintainedHost;

class HostStatusMapperTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final HostMaintenanceSpec SPEC =
      new HostMaintenanceSpec(List.of("h1", "h2"), "new disks");

  @Test
  void hostsDrainOneByOne() {
    HostMaintenanceStatus status =
        map(
            false,
            Map.of(
                "h1", HostState.HOST_STATE_DOWN,
                "h2", HostState.HOST_STATE_DRAINING,
                "h0", HostState.HOST_STATE_DOWN));

    assertThat(status.down()).isEqualTo("1/2");
    assertThat(status.hosts())
        .as("those that are named, then those on their way back")
        .containsExactly(
            new MaintainedHost("h1", "Down", null),
            new MaintainedHost("h2", "Draining", null),
            new MaintainedHost("h0", "Down", null));
    assertThat(status.conditions())
        .isEqualTo(
            Conditions.next(
                List.of(), new Verdict(Reason.HostsDraining, "1 of 2 hosts down"), 5, NOW));
  }

  @Test
  void theResourceIsReadyWhenAllItsHostsAreDown() {
    HostMaintenanceStatus status =
        map(false, Map.of("h1", HostState.HOST_STATE_DOWN, "h2", HostState.HOST_STATE_DOWN));

    assertThat(status.conditions())
        .isEqualTo(
            Conditions.next(List.of(), new Verdict(Reason.HostsDown, "2 of 2 hosts down"), 5, NOW));
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() {
    HostMaintenanceStatus status = map(false, Map.of("h1", HostState.HOST_STATE_DOWN));

    assertThat(status.conditions().get(1).type()).isEqualTo("Stalled");
    assertThat(status.conditions().get(1).reason()).isEqualTo("HostNotFound");
    assertThat(status.conditions().get(1).message()).contains("h2");
    assertThat(status.hosts()).contains(new MaintainedHost("h2", "Unknown", null));
  }

  @Test
  void deletingBringsHostsBack() {
    assertThat(map(true, Map.of("h1", HostState.HOST_STATE_DOWN)).conditions())
        .extracting(each -> each.reason())
        .containsOnly("Deleting");
  }

  private static HostMaintenanceStatus map(boolean deleting, Map<String, HostState> states) {
    return HostStatusMapper.map(
        Optional.empty(), SPEC, new HostFacts(5, deleting, Optional.empty(), states), NOW);
  }
}
