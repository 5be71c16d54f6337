package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.admin.svc.AdminSvc;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.peloton.Peloton;
import peloton.api.v1alpha.respool.Respool;
import peloton.api.v1alpha.respool.RespoolSvc;
import peloton.api.v1alpha.watch.svc.WatchSvc;

/** The commands for those who run the server: pools, locks and other people's watches. */
class OperatorCommandsTest extends CommandTest {
  @Test
  void updatesAPoolInItsPlace() throws IOException {
    server
        .on(
            RespoolSvc.LookupResourcePoolIDRequest.class,
            RespoolSvc.LookupResourcePoolIDResponse.newBuilder().setRespoolId(pool("p1")).build())
        .on(
            RespoolSvc.GetResourcePoolRequest.class,
            RespoolSvc.GetResourcePoolResponse.newBuilder()
                .setRespool(
                    Respool.ResourcePoolInfo.newBuilder()
                        .setSpec(
                            Respool.ResourcePoolSpec.newBuilder()
                                .setName("b")
                                .setOwningTeam("old")
                                .setParent(pool("p0"))))
                .build())
        .on(
            RespoolSvc.UpdateResourcePoolRequest.class,
            RespoolSvc.UpdateResourcePoolResponse.getDefaultInstance());

    Cli.Result result = peloton("respool", "update", "/a/b", file("description: new"), "-f");

    assertThat(result).isEqualTo(new Cli.Result(0, "Resource Pool /a/b updated" + NL, ""));
    RespoolSvc.UpdateResourcePoolRequest request =
        server.requests(RespoolSvc.UpdateResourcePoolRequest.class).get(0);
    assertThat(request.getRespoolId()).isEqualTo(pool("p1"));
    assertThat(request.getForce()).isTrue();
    assertThat(request.getSpec())
        .isEqualTo(
            Respool.ResourcePoolSpec.newBuilder()
                .setName("b")
                .setDescription("new")
                .setParent(pool("p0"))
                .build());
  }

  @Test
  void refusesToMoveAPool() throws IOException {
    Cli.Result result = peloton("respool", "update", "/a/b", file("path: /a/c"));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("describes /a/c, not /a/b; a pool cannot move");
    assertThat(peloton("respool", "update", "/a/b", file("name: b\nparent: /x")).err())
        .contains("describes /x/b, not /a/b");
  }

  @Test
  void dumpsPoolsAsYamlOrJson() {
    server.on(
        RespoolSvc.QueryResourcePoolsRequest.class,
        RespoolSvc.QueryResourcePoolsResponse.newBuilder()
            .addRespools(
                Respool.ResourcePoolInfo.newBuilder()
                    .setPath(Respool.ResourcePoolPath.newBuilder().setValue("/a")))
            .build());

    assertThat(peloton("respool", "dump").out()).startsWith("- ").contains("value: /a");
    assertThat(peloton("respool", "dump", "--format", "json").out())
        .startsWith("[")
        .contains("\"value\": \"/a\"");
  }

  @Test
  void locksAndUnlocksByNameInAnyCase() {
    server
        .on(
            AdminSvc.LockdownRequest.class,
            AdminSvc.LockdownResponse.newBuilder()
                .addSuccesses(Component.Write)
                .addSuccesses(Component.GoalStateEngine)
                .build())
        .on(
            AdminSvc.RemoveLockdownRequest.class,
            AdminSvc.RemoveLockdownResponse.newBuilder().addSuccesses(Component.Write).build());

    assertThat(peloton("admin", "lock", "write", "GOAL_STATE_ENGINE").out())
        .isEqualTo("Locked: Write, GoalStateEngine" + NL);
    assertThat(peloton("admin", "unlock", "Write").out()).isEqualTo("Unlocked: Write" + NL);
    assertThat(server.requests(AdminSvc.LockdownRequest.class).get(0).getComponentsList())
        .containsExactly(Component.Write, Component.GoalStateEngine);
    assertThat(peloton("admin", "lock", "everything").err())
        .contains("there are GoalStateEngine, Read, Write, Kill, Launch");
  }

  @Test
  void exitsWith1WhenAPartCannotBeLocked() {
    server.on(
        AdminSvc.LockdownRequest.class,
        AdminSvc.LockdownResponse.newBuilder()
            .addFailures(
                AdminSvc.ComponentFailure.newBuilder()
                    .setComponent(Component.Kill)
                    .setFailureMessage("because"))
            .build());

    Cli.Result result = peloton("admin", "lock", "kill");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("not locked Kill: because");
  }

  @Test
  void cancelsAWatchByTheNumberItGaveForItself() {
    server
        .on(
            WatchSvc.WatchRequest.class,
            WatchSvc.WatchResponse.newBuilder().setWatchId(-1).build(),
            Status.CANCELLED.withDescription("watch cancelled"))
        .on(WatchSvc.CancelRequest.class, WatchSvc.CancelResponse.getDefaultInstance());

    assertThat(peloton("watch", "job").err()).contains("watch 18446744073709551615 begins");
    assertThat(peloton("watch", "cancel", "18446744073709551615").out())
        .isEqualTo("Watch 18446744073709551615 cancelled" + NL);
    assertThat(server.requests(WatchSvc.CancelRequest.class).get(0).getWatchId()).isEqualTo(-1);
    assertThat(peloton("watch", "cancel", "x").code()).isEqualTo(2);
  }

  @Test
  void theHelpNamesTheTestsToo() {
    assertThat(peloton("--help").out()).contains("`peloton verify`");
  }

  private static Peloton.ResourcePoolID pool(String id) {
    return Peloton.ResourcePoolID.newBuilder().setValue(id).build();
  }
}
