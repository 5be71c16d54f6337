package peloton.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peloton.store.KeyValueStore;
import peloton.store.StoreException;
import peloton.store.Txn;
import peloton.store.contract.Recorder;

@DisplayName("The store, on an etcd that wants to know who comes,")
class EtcdSecurityIT {
  private static final Txn TXN =
      new Txn(List.of(), List.of(new Txn.Write.Put("/a", ByteString.copyFromUtf8("1"))));

  @TempDir private Path folder;

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @Test
  void logsInAndDoesSoAgainWhenEtcdHasForgottenIt() throws Exception {
    EtcdProcess etcd = opened(EtcdProcess.start());
    demandLogin(etcd);
    KeyValueStore store = connect(settings(etcd).withLogin(new EtcdSettings.Login("root", "pw")));
    Recorder recorder = new Recorder();
    store.watch("/", 1, recorder);
    assertThat(get(store.commit(TXN)).committed()).isTrue();
    recorder.await(1);

    // etcd keeps its simple tokens in memory.
    etcd.kill();
    etcd.restart();

    int attempts = 0;
    while (attempts < 20 && failure(store.commit(TXN)).isPresent()) {
      attempts++;
    }
    assertThat(attempts).isLessThan(20);
    recorder.await(2);
  }

  @Test
  void isRefusedWithoutTheRightPassword() throws Exception {
    EtcdProcess etcd = opened(EtcdProcess.start());
    demandLogin(etcd);

    KeyValueStore nobody = connect(settings(etcd));
    KeyValueStore wrong = connect(settings(etcd).withLogin(new EtcdSettings.Login("root", "no")));

    assertThat(failure(nobody.commit(TXN)).orElseThrow().code())
        .isEqualTo(StoreException.Code.INVALID);
    assertThat(failure(wrong.commit(TXN)).orElseThrow())
        .hasMessageContaining("login")
        .extracting(StoreException::code)
        .isEqualTo(StoreException.Code.INVALID);
  }

  @Test
  void speaksTlsBothWays() throws Exception {
    TestIdentity.make(folder, "server");
    TestIdentity.make(folder, "client");
    EtcdProcess etcd =
        opened(
            EtcdProcess.startWithTls(
                "--cert-file=" + folder.resolve("server.pem"),
                "--key-file=" + folder.resolve("server.key"),
                "--client-cert-auth",
                "--trusted-ca-file=" + folder.resolve("client.pem")));
    EtcdSettings.Identity identity =
        new EtcdSettings.Identity(folder.resolve("client.pem"), folder.resolve("client.key"));
    Optional<Path> trusted = Optional.of(folder.resolve("server.pem"));

    KeyValueStore store =
        connect(settings(etcd).withTls(new EtcdSettings.Tls(trusted, Optional.of(identity))));
    KeyValueStore anonymous =
        connect(settings(etcd).withTls(new EtcdSettings.Tls(trusted, Optional.empty())));
    KeyValueStore plain = connect(settings(etcd));

    Recorder recorder = new Recorder();
    store.watch("/", 1, recorder);
    assertThat(get(store.commit(TXN)).committed()).isTrue();
    recorder.await(1);
    assertThat(failure(anonymous.commit(TXN)).orElseThrow().code())
        .isEqualTo(StoreException.Code.UNAVAILABLE);
    assertThat(failure(plain.commit(TXN)).orElseThrow().code())
        .isEqualTo(StoreException.Code.UNAVAILABLE);
  }

  @Test
  void namesTheFileThatItCannotRead() {
    EtcdSettings settings =
        EtcdSettings.of(List.of("127.0.0.1:1"))
            .withTls(
                new EtcdSettings.Tls(Optional.of(folder.resolve("absent.pem")), Optional.empty()));

    assertThatThrownBy(() -> EtcdStore.connect(settings)).hasMessageContaining("absent.pem");
  }

  private static void demandLogin(EtcdProcess etcd) throws Exception {
    // A password's hash takes etcd long on a machine that does other things, too.
    EtcdSettings patient = settings(etcd).withRequestTimeout(Duration.ofSeconds(30));
    try (Connection admin = new Connection(patient)) {
      get(
          admin.call(
              AuthGrpc.getUserAddMethod(),
              AuthUserAddRequest.newBuilder().setName("root").setPassword("pw").build(),
              answer -> answer));
      get(
          admin.call(
              AuthGrpc.getRoleAddMethod(),
              AuthRoleAddRequest.newBuilder().setName("root").build(),
              answer -> answer));
      get(
          admin.call(
              AuthGrpc.getUserGrantRoleMethod(),
              AuthUserGrantRoleRequest.newBuilder().setUser("root").setRole("root").build(),
              answer -> answer));
      get(
          admin.call(
              AuthGrpc.getAuthEnableMethod(),
              AuthEnableRequest.getDefaultInstance(),
              answer -> answer));
    }
  }

  private static EtcdSettings settings(EtcdProcess etcd) {
    return EtcdSettings.of(List.of(etcd.endpoint())).withRequestTimeout(Duration.ofSeconds(2));
  }

  private KeyValueStore connect(EtcdSettings settings) {
    return opened(EtcdStore.connect(settings));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.add(resource);
    return resource;
  }

  private static <T> T get(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(90, TimeUnit.SECONDS);
  }

  private static Optional<StoreException> failure(CompletableFuture<?> future)
      throws InterruptedException, TimeoutException {
    try {
      get(future);
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of((StoreException) e.getCause());
    }
  }
}
