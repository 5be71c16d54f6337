package peloton.mesos.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peloton.mesos.driver.DriverSnapshot.State;
import peloton.mesos.driver.ScriptedMaster.Stream;

@Timeout(180)
class MasterTlsTest {
  private static final Duration SHORT = Duration.ofMillis(5);

  @TempDir static Path files;

  private static TestIdentity good;
  private static TestIdentity other;
  private static TestIdentity expired;
  private static TestIdentity elsewhere;

  @TempDir Path folder;

  private final RecordedEvents events = new RecordedEvents();
  private ScriptedMaster master;
  private MesosDriver driver;

  @BeforeAll
  static void makeIdentities() throws Exception {
    good = TestIdentity.of(files, "good", "ip:127.0.0.1");
    other = TestIdentity.of(files, "other", "ip:127.0.0.1");
    expired = TestIdentity.of(files, "expired", "ip:127.0.0.1", "-9d");
    elsewhere = TestIdentity.of(files, "elsewhere", "dns:elsewhere");
  }

  @AfterEach
  void closeAll() {
    if (driver != null) {
      driver.close();
    }
    if (master != null) {
      master.close();
    }
  }

  @Test
  void eventsAndCallsGoOverTlsWithTheCertificateThatTheMasterAsksFor() throws Exception {
    master = new ScriptedMaster(new Sockets(good.server(other), true));
    start(
        MasterTls.of(
            Optional.of(good.certificate()),
            Optional.of(new MasterTls.Identity(other.certificate(), other.key()))));

    Stream stream = master.nextStream().subscribed("fw-1", 15);
    events.nextEvent();
    driver.send(kill("a"));
    driver.send(kill("b"));

    assertThat(stream.request().headers()).containsKey("authorization");
    assertThat(master.nextCall().call().getKill().getTaskId().getValue()).isEqualTo("a");
    assertThat(master.nextCall().call().getKill().getTaskId().getValue()).isEqualTo("b");
    assertThat(driver.snapshot().state()).isEqualTo(State.SUBSCRIBED);
  }

  @Test
  void aMasterThatAsksForACertificateGetsNoneWhenNoneIsGiven() throws Exception {
    master = new ScriptedMaster(new Sockets(good.server(other), true));
    start(MasterTls.of(Optional.of(good.certificate()), Optional.empty()));

    // The master's alert or, since it closes with our request unread, a reset.
    assertThat(failure()).contains("the connection broke");
    assertThat(driver.snapshot().state()).isEqualTo(State.CONNECTING);
    assertThat(master.subscribesNotLookedAt()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "other, unable to find valid certification path",
    "expired, NotAfter",
    "elsewhere, No subject alternative names matching IP address 127.0.0.1"
  })
  void aMasterThatIsNotToBeTrustedHearsNothing(String name, String why) throws Exception {
    TestIdentity shown =
        name.equals("other") ? other : name.equals("expired") ? expired : elsewhere;
    master = new ScriptedMaster(new Sockets(shown.server(good), false));
    TestIdentity trusted = shown == other ? good : shown;
    start(MasterTls.of(Optional.of(trusted.certificate()), Optional.empty()));

    assertThat(failure())
        .contains("no TLS with " + master.address(), trusted.certificate().toString(), why);
    assertThat(driver.snapshot().state()).isEqualTo(State.CONNECTING);
    assertThat(master.subscribesNotLookedAt()).isZero();
  }

  @Test
  void aMasterWithoutTlsHearsNothing() throws Exception {
    master = new ScriptedMaster();
    // It waits for the end of a head of HTTP, which a greeting of TLS does not hold.
    start(MasterTls.of(Optional.of(good.certificate()), Optional.empty()), Duration.ofMillis(200));

    assertThat(failure()).isNotEmpty();
    assertThat(master.subscribesNotLookedAt()).isZero();
  }

  @Test
  void anAuthorityThatIsReplacedCountsFromTheNextConnectionOn() throws Exception {
    Path authorities = Files.copy(other.certificate(), folder.resolve("ca.pem"));
    master = new ScriptedMaster(new Sockets(good.server(other), false));
    start(MasterTls.of(Optional.of(authorities), Optional.empty()));
    assertThat(failure()).contains("no TLS with");

    replace(authorities, Files.readString(good.certificate()));

    master.nextStream().subscribed("fw-1", 15);
    assertThat(events.nextEvent().hasSubscribed()).isTrue();
  }

  @Test
  void aFileThatCannotBeUsedLeavesTheOneBeforeInForce() throws Exception {
    Path authorities = Files.copy(good.certificate(), folder.resolve("ca.pem"));
    MasterTls tls = MasterTls.of(Optional.of(authorities), Optional.empty());
    replace(authorities, "half a certif");
    master = new ScriptedMaster(new Sockets(good.server(other), false));
    start(tls);

    master.nextStream().subscribed("fw-1", 15);
    assertThat(events.nextEvent().hasSubscribed()).isTrue();
  }

  @Test
  void filesThatAreNoPemAreNamed() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    assertThatThrownBy(() -> MasterTls.of(Optional.of(empty), Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("empty.pem holds no certificates");
    assertThatThrownBy(
            () ->
                MasterTls.of(
                    Optional.empty(),
                    Optional.of(new MasterTls.Identity(good.certificate(), empty))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("empty.pem holds no \"-----BEGIN PRIVATE KEY-----\"");
    assertThatThrownBy(
            () -> MasterTls.of(Optional.of(folder.resolve("gone.pem")), Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gone.pem");
  }

  private void start(MasterTls tls) {
    start(tls, Duration.ofSeconds(20));
  }

  private void start(MasterTls tls, Duration responseTimeout) {
    driver =
        new MesosDriver(
            DriverSettings.of(new StaticMasters(List.of(master.address())))
                .withCredential(new Credential("peloton", "hush"))
                .withTls(tls)
                .withTimes(
                    Duration.ofSeconds(5),
                    responseTimeout,
                    SHORT,
                    Duration.ofMillis(50),
                    Duration.ofHours(1)),
            () -> FrameworkInfo.newBuilder().setUser("root").setName("Peloton").build(),
            events,
            new Random(1));
    driver.start();
  }

  /** Why an attempt failed. */
  private String failure() {
    while (driver.snapshot().lastFailure().isEmpty()) {
      LockSupport.parkNanos(1_000_000);
    }
    return driver.snapshot().lastFailure().orElseThrow().detail();
  }

  private void replace(Path file, String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Call kill(String task) {
    return Call.newBuilder()
        .setType(Call.Type.KILL)
        .setKill(Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue(task)))
        .build();
  }

  /** Sockets of a server that speaks TLS. */
  private static final class Sockets extends ServerSocketFactory {
    private final SSLContext context;
    private final boolean clientsMust;

    Sockets(SSLContext context, boolean clientsMust) {
      this.context = context;
      this.clientsMust = clientsMust;
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
      return createServerSocket(port, 50);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
      return createServerSocket(port, backlog, InetAddress.getLoopbackAddress());
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
        throws IOException {
      SSLServerSocket socket =
          (SSLServerSocket)
              context.getServerSocketFactory().createServerSocket(port, backlog, address);
      socket.setNeedClientAuth(clientsMust);
      return socket;
    }
  }
}
