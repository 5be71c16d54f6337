package peloton.operator.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.api.v1alpha.admin.svc.AdminServiceGrpc;
import peloton.api.v1alpha.job.stateless.svc.JobServiceGrpc;
import peloton.api.v1alpha.watch.svc.WatchServiceGrpc;

class AccessPolicyTest {
  /** SHA-256 of "test". */
  private static final String TEST =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  @Test
  void aTokenIsKnownByItsHash() {
    AccessPolicy policy =
        AccessPolicy.parse("clients: [{name: ci, role: write, tokenSha256: " + TEST + "}]");

    assertThat(policy.byToken("test")).map(Client::name).contains("ci");
    assertThat(policy.byToken("Test")).isEmpty();
    assertThat(policy.byToken("")).isEmpty();
    assertThat(policy.byToken(TEST)).isEmpty();
  }

  @Test
  void theBuiltInRolesGrow() {
    Role read = Role.BUILT_IN.get("read");
    Role write = Role.BUILT_IN.get("write");
    Role admin = Role.BUILT_IN.get("admin");

    assertThat(read.allows(JobServiceGrpc.getGetJobMethod())).isTrue();
    assertThat(read.allows(WatchServiceGrpc.getWatchMethod())).isTrue();
    assertThat(read.allows(JobServiceGrpc.getStopJobMethod())).isFalse();
    assertThat(write.allows(JobServiceGrpc.getStopJobMethod())).isTrue();
    assertThat(write.allows(AdminServiceGrpc.getLockdownMethod())).isFalse();
    assertThat(admin.allows(AdminServiceGrpc.getLockdownMethod())).isTrue();
  }

  @Test
  void whatIsRejectedIsNotAccepted() {
    Role role =
        role("roles: [{name: x, accept: [\"JobService:*\"], reject: [\"JobService:Delete*\"]}]");

    assertThat(role.allows(JobServiceGrpc.getCreateJobMethod())).isTrue();
    assertThat(role.allows(JobServiceGrpc.getDeleteJobMethod())).isFalse();
  }

  @Test
  void aPoolsNeighbourIsNotBelowIt() {
    Role role = role("roles: [{name: x, accept: [\"*:*\"], pools: [\"/team\"]}]");

    assertThat(role.mayChangeBelow("/team")).isTrue();
    assertThat(role.mayChangeBelow("/team/web")).isTrue();
    assertThat(role.mayChangeBelow("/team-b")).isFalse();
    assertThat(role.mayChangeBelow("/")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clients: [ | is not YAML",
        "{} | clients: none",
        "users: [] | users: no such field; there are clients, roles",
        "clients: [{name: a, role: admin}] | needs tokenSha256 or certificate",
        "clients: [{name: a, role: x, certificate: c}] | there is no role \"x\"; there are admin",
        "clients: [{name: a, role: admin, tokenSha256: secret}] | 64 lower-case hexadecimal",
        "clients: [{role: admin, certificate: c}] | one has no name",
        "clients: [{name: a, role: read, certificate: c}, {name: b, role: read, certificate: c}]"
            + " | two have the same of their certificates",
        "roles: [{name: r, accept: [GetJob]}] | write Service:Method",
        "roles: [{name: r}] | it would allow nothing",
        "roles: [{name: admin, accept: [\"*:*\"]}] | stands twice or is built in",
        "roles: [{name: r, accept: [\"*:*\"], pools: [team]}] | is no path of a pool",
        "roles: [{name: r, accept: [\"*:*\"], pool: /a}] | no such field",
      })
  void whatIsWrongWithAPolicyIsSaid(String yaml, String problem) {
    assertThatThrownBy(() -> AccessPolicy.parse(yaml))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }

  private static Role role(String roles) {
    return AccessPolicy.parse(roles + "\nclients: [{name: ci, role: x, tokenSha256: " + TEST + "}]")
        .byToken("test")
        .orElseThrow()
        .role();
  }
}
