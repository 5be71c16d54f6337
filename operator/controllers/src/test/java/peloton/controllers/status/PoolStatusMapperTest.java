package peloton.controllers.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.respool.Respool.ResourcePoolInfo;
import peloton.crds.pool.PoolResourceStatus;
import peloton.crds.pool.ResourcePoolStatus;
import peloton.crds.status.Condition;

class PoolStatusMapperTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void aPoolShowsItsUseAndWhatItIsEntitledTo() throws TextFormat.ParseException {
    PoolFacts facts = facts(false, Optional.empty(), Map.of("cpu", 12.5));

    ResourcePoolStatus status = PoolStatusMapper.map(Optional.empty(), facts, NOW);

    assertThat(status)
        .isEqualTo(
            new ResourcePoolStatus(
                4L,
                Conditions.next(
                    List.of(), new Verdict(Reason.PoolReady, "the pool is at /a/b"), 4, NOW),
                "pool-id",
                "parent-id",
                "11",
                1,
                2,
                List.of(
                    new PoolResourceStatus(
                        "cpu", of("3"), of("500m"), of("12500m"), of("10"), of("20"), "3/12500m"),
                    new PoolResourceStatus(
                        "memory", of("256Mi"), of("0Mi"), null, of("0Mi"), of("0Mi"), "256Mi"))));
  }

  @Test
  void nothingNewGivesTheSameStatusSoThatNothingIsWritten() throws TextFormat.ParseException {
    PoolFacts facts = facts(false, Optional.empty(), Map.of());
    ResourcePoolStatus status = PoolStatusMapper.map(Optional.empty(), facts, NOW);

    assertThat(PoolStatusMapper.map(Optional.of(status), facts, NOW.plusSeconds(99)))
        .isEqualTo(status);
  }

  @Test
  void aPoolThatIsInUseSaysWhatItsDeletionWaitsFor() throws TextFormat.ParseException {
    Verdict inUse = new Verdict(Reason.PoolInUse, "2 jobs are in it");

    assertThat(reasons(facts(true, Optional.of(inUse), Map.of()))).containsOnly("PoolInUse");
    assertThat(reasons(facts(true, Optional.empty(), Map.of()))).containsOnly("Deleting");
  }

  @Test
  void beforeThereIsAPoolTheStatusSaysSo() {
    PoolFacts none = new PoolFacts(1, false, Optional.empty(), Optional.empty(), 0, Map.of());

    assertThat(reasons(none)).containsOnly("Pending");
  }

  private static List<String> reasons(PoolFacts facts) {
    return PoolStatusMapper.map(Optional.empty(), facts, NOW).conditions().stream()
        .map(Condition::reason)
        .toList();
  }

  private static PoolFacts facts(
      boolean deleting, Optional<Verdict> hindrance, Map<String, Double> entitlement)
      throws TextFormat.ParseException {
    ResourcePoolInfo pool =
        TextFormat.parse(
            """
            respool_id { value: "pool-id" }
            parent { value: "parent-id" }
            path { value: "/a/b" }
            children { value: "child-id" }
            spec {
              revision { version: 11 }
              resources { kind: "cpu" reservation: 10 limit: 20 }
            }
            usages { kind: "memory" allocation: 256 }
            usages { kind: "cpu" allocation: 3 slack: 0.5 }
            """,
            ResourcePoolInfo.class);
    return new PoolFacts(4, deleting, hindrance, Optional.of(pool), 2, entitlement);
  }

  private static Quantity of(String text) {
    return new Quantity(text);
  }
}
