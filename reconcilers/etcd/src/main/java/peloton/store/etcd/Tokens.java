package peloton.store.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Logs in when a call first needs it, and again after {@link #forget}. Thread-safe. */
final class Tokens extends CallCredentials {
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

  /** Sends a request that needs no token. */
  interface Sender {
    <Q, A> void send(MethodDescriptor<Q, A> method, Q request, StreamObserver<A> answer);
  }

  private final EtcdSettings.Login login;
  private final Sender sender;
  private final List<MetadataApplier> waiting = new ArrayList<>();
  private Optional<String> token = Optional.empty();

  Tokens(EtcdSettings.Login login, Sender sender) {
    this.login = login;
    this.sender = sender;
  }

  /** The token was refused. */
  synchronized void forget() {
    token = Optional.empty();
  }

  @Override
  public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
    synchronized (this) {
      if (token.isPresent()) {
        apply(applier, token.get());
        return;
      }
      waiting.add(applier);
      if (waiting.size() > 1) {
        return;
      }
    }
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder()
            .setName(login.user())
            .setPassword(login.password())
            .build();
    Answer<AuthenticateResponse, String> answer =
        new Answer<>(AuthenticateResponse::getToken, cause -> cause);
    sender.send(AuthGrpc.getAuthenticateMethod(), request, answer);
    answer.future().whenComplete(this::loggedIn);
  }

  private void loggedIn(String granted, Throwable failure) {
    List<MetadataApplier> served;
    synchronized (this) {
      served = List.copyOf(waiting);
      waiting.clear();
      if (failure == null) {
        token = Optional.of(granted);
      }
    }
    for (MetadataApplier applier : served) {
      if (failure == null) {
        apply(applier, granted);
      } else {
        applier.fail(refusal(failure));
      }
    }
  }

  /** A wrong password is INVALID_ARGUMENT to etcd, but it is not the call's own argument. */
  private static Status refusal(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    return status.getCode() == Status.Code.INVALID_ARGUMENT
        ? Status.UNAUTHENTICATED.withDescription(status.getDescription())
        : status;
  }

  private static void apply(MetadataApplier applier, String token) {
    Metadata headers = new Metadata();
    headers.put(TOKEN, token);
    applier.apply(headers);
  }
}
