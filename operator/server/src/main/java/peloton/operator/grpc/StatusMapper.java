package peloton.operator.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import peloton.desired.ApiException;
import peloton.store.StoreException;

/**
 * Turns any failure into the status that a client sees. What is nobody's mistake but ours becomes
 * INTERNAL with a reference, under which the log has the cause; the cause itself stays here.
 */
public final class StatusMapper {
  private static final Logger log = LoggerFactory.getLogger(StatusMapper.class);

  /** Longest message, in characters; headers that are too long break clients in odd ways. */
  static final int MAX_MESSAGE = 1000;

  private static final String DOMAIN = "peloton";
  private static final Duration RETRY = Duration.newBuilder().setSeconds(1).build();

  private final Supplier<String> references;

  /**
   * @param references makes a new reference for each unexpected failure
   */
  public StatusMapper(Supplier<String> references) {
    this.references = references;
  }

  /** The status for a failure, with {@code google.rpc} details. */
  public StatusRuntimeException map(Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof ApiException e) {
      return status(code(e.code()), e.getMessage(), e.code().name());
    }
    if (cause instanceof StoreException e) {
      return store(e);
    }
    if (cause instanceof StatusRuntimeException e) {
      return e;
    }
    if (cause instanceof StatusException e) {
      return new StatusRuntimeException(e.getStatus(), e.getTrailers());
    }
    if (cause instanceof TimeoutException) {
      return status(
          Status.Code.UNAVAILABLE,
          "etcd did not answer in time; if this was a write, read before you try again",
          "TIMEOUT");
    }
    return internal(cause);
  }

  /** The status code for a code; the names are the same. */
  static Status.Code code(ApiException.Code code) {
    return switch (code) {
      case INVALID_ARGUMENT -> Status.Code.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.Code.NOT_FOUND;
      case ALREADY_EXISTS -> Status.Code.ALREADY_EXISTS;
      case ABORTED -> Status.Code.ABORTED;
      case FAILED_PRECONDITION -> Status.Code.FAILED_PRECONDITION;
      case OUT_OF_RANGE -> Status.Code.OUT_OF_RANGE;
      case RESOURCE_EXHAUSTED -> Status.Code.RESOURCE_EXHAUSTED;
      case UNAVAILABLE -> Status.Code.UNAVAILABLE;
      case UNIMPLEMENTED -> Status.Code.UNIMPLEMENTED;
      case CANCELLED -> Status.Code.CANCELLED;
      case INTERNAL -> Status.Code.INTERNAL;
    };
  }

  private StatusRuntimeException store(StoreException e) {
    return switch (e.code()) {
      case UNAVAILABLE ->
          status(Status.Code.UNAVAILABLE, "etcd: " + e.getMessage() + "; try again", "STORE_AWAY");
      case EXHAUSTED ->
          status(
              Status.Code.RESOURCE_EXHAUSTED,
              "etcd takes no more just now: " + e.getMessage(),
              "STORE_EXHAUSTED");
      case COMPACTED ->
          status(
              Status.Code.OUT_OF_RANGE,
              e.getMessage() + "; list again and go on from there",
              "COMPACTED");
      case NOT_FOUND, INVALID -> internal(e);
    };
  }

  private StatusRuntimeException internal(Throwable cause) {
    String reference = references.get();
    log.error("call failed, reference {}", reference, cause);
    return status(
        Status.Code.INTERNAL,
        "the operator failed; its log has the cause under reference " + reference,
        "UNEXPECTED");
  }

  private static StatusRuntimeException status(Status.Code code, String message, String reason) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage(cut(message == null ? "" : message))
            .addDetails(
                Any.pack(ErrorInfo.newBuilder().setReason(reason).setDomain(DOMAIN).build()));
    if (code == Status.Code.UNAVAILABLE) {
      status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(RETRY).build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  static String cut(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…";
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
