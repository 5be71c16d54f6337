package peloton.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ListJobsResponse;

/** The options that Peloton's users know for who they are and where the server is. */
class ClientLoginTest extends CommandTest {
  @BeforeEach
  void answer() {
    server.on(ListJobsRequest.class, ListJobsResponse.getDefaultInstance());
  }

  @Test
  void logsInWithAFileAsPelotonsOwnCommandDoes() throws IOException {
    String login = file("username: ann\npassword: open sesame\n");

    assertThat(peloton("job", "list", "--basicAuthConfig", login).code()).isZero();
    assertThat(server.header("username")).isEqualTo("ann");
    assertThat(server.header("password")).isEqualTo("open sesame");
    assertThat(server.header("authorization")).isNull();
  }

  @Test
  void logsInByTheEnvironment() throws IOException {
    String login = file("{username: bob, password: '1234'}");
    list(Map.of("PELOTON_BASIC_AUTH_CONFIG", login, "PELOTON_TOKEN", "t0ken"));
    assertThat(server.header("username")).isEqualTo("bob");
    assertThat(server.header("authorization")).isNull();

    list(Map.of("PELOTON_TOKEN", "t0ken"));
    assertThat(server.header("authorization")).isEqualTo("Bearer t0ken");
    assertThat(server.header("username")).isNull();
  }

  @Test
  void saysWhatAFileToLogInWithLacks() throws IOException {
    Cli.Result half = peloton("job", "list", "--basic-auth-config", file("username: ann"));
    assertThat(half.code()).isEqualTo(ExitCode.USAGE);
    assertThat(half.err()).contains("lacks password");

    Cli.Result malformed = peloton("job", "list", "--basic-auth-config", file("password: {hush"));
    assertThat(malformed.code()).isEqualTo(ExitCode.USAGE);
    assertThat(malformed.err()).contains("is no YAML").doesNotContain("hush");

    Cli.Result absent = peloton("job", "list", "--basic-auth-config", "absent.yaml");
    assertThat(absent.code()).isEqualTo(ExitCode.USAGE);
    assertThat(absent.err()).contains("cannot read absent.yaml");
  }

  @Test
  void takesTheTimeoutFromTheEnvironment() {
    assertThat(list(Map.of("TIMEOUT", "5s")).code()).isZero();
    Cli.Result malformed = list(Map.of("TIMEOUT", "soon"));
    assertThat(malformed.code()).isEqualTo(ExitCode.USAGE);
    assertThat(malformed.err()).contains("$TIMEOUT", "\"soon\" is no duration");
    assertThat(list(Map.of("TIMEOUT", "0s")).code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void saysThatServersAreNotFoundThroughZooKeeper() {
    for (String flag : new String[] {"--zkservers=zk:2181", "-z=zk:2181", "--zkroot=/p", "-e=c"}) {
      Cli.Result refused = peloton("job", "list", flag);
      assertThat(refused.code()).as(flag).isEqualTo(ExitCode.USAGE);
      assertThat(refused.err()).contains("not registered in ZooKeeper", "--server");
    }
    assertThat(peloton("-z", "zk:2181", "job", "list").err()).contains("--zkservers");
    Cli.Result variable = Cli.with(Map.of("ZK_SERVERS", "zk:2181")).run("job", "list");
    assertThat(variable.err()).contains("$ZK_SERVERS");
    assertThat(list(Map.of("ZK_SERVERS", "zk:2181")).code()).as("with a server").isZero();
  }

  private Cli.Result list(Map<String, String> environment) {
    Map<String, String> all = new java.util.HashMap<>(environment);
    all.put("PELOTON_SERVER", server.address());
    return Cli.with(all).run("job", "list");
  }
}
