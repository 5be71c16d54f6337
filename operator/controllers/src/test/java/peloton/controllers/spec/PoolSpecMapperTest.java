package peloton.controllers.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.respool.Respool;
import peloton.crds.pool.ResourcePoolSpec;
import peloton.desired.Violation;

class PoolSpecMapperTest {
  @Test
  void everyFieldOfAPoolCanBeSaid() throws TextFormat.ParseException {
    Mapped<Respool.ResourcePoolSpec> mapped =
        map(
            """
            path: /infrastructure/compute
            owningTeam: some-team
            ldapGroups: [group]
            description: For whatever
            resources:
              - {kind: cpu, reservation: 10, limit: 12500m, share: 2, type: Static}
              - {kind: memory, reservation: 1Gi, limit: 64Gi, type: Elastic}
            policy: PriorityFifo
            controllerLimitPercent: 10
            slackLimitPercent: 20.5
            """);

    assertThat(mapped.violations()).isEmpty();
    assertThat(FullyPopulated.unset(mapped.message()))
        .as("set by the server")
        .isEqualTo(Set.of("ResourcePoolSpec.revision"));
    assertThat(mapped.message())
        .isEqualTo(
            TextFormat.parse(
                """
                name: "compute"
                parent { value: "parent-id" }
                owning_team: "some-team"
                ldap_groups: "group"
                description: "For whatever"
                resources {
                  kind: "cpu" reservation: 10 limit: 12.5 share: 2 type: RESERVATION_TYPE_STATIC
                }
                resources {
                  kind: "memory" reservation: 1024 limit: 65536 share: 1
                  type: RESERVATION_TYPE_ELASTIC
                }
                policy: SCHEDULING_POLICY_PRIORITY_FIFO
                controller_limit { max_percent: 10 }
                slack_limit { maxPercent: 20.5 }
                """,
                Respool.ResourcePoolSpec.class));
  }

  @ParameterizedTest(name = "{0} is {2} below {1}")
  @CsvSource({"/compute, /, compute", "/a/b, /a, b", "/a/b/c d, /a/b, c d"})
  void aPathIsANameBelowAParent(String path, String parent, String name) {
    assertThat(PoolSpecMapper.parentPath(path)).isEqualTo(parent);
    assertThat(PoolSpecMapper.name(path)).isEqualTo(name);
  }

  @Test
  void anAmountOfMemoryWithoutAUnitIsAProblem() {
    assertThat(map("{path: /a, resources: [{kind: memory, limit: 4096}]}").violations())
        .extracting(Violation::field)
        .containsExactly("spec.resources[0].limit");
  }

  @Test
  void anUnknownKindIsAProblem() {
    assertThat(map("{path: /a, resources: [{kind: time, limit: 1}]}").violations())
        .extracting(Violation::field)
        .containsExactly("spec.resources[0].kind");
  }

  private static Mapped<Respool.ResourcePoolSpec> map(String yaml) {
    return PoolSpecMapper.pool(
        new KubernetesSerialization().unmarshal("---\n" + yaml, ResourcePoolSpec.class),
        "parent-id");
  }
}
