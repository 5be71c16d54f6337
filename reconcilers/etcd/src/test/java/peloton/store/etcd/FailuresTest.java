package peloton.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import peloton.store.StoreException;

class FailuresTest {

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, etcdserver: leader changed, UNAVAILABLE",
    "UNAVAILABLE, etcdserver: request timed out, UNAVAILABLE",
    "UNAVAILABLE, io exception, UNAVAILABLE",
    "DEADLINE_EXCEEDED, deadline exceeded, UNAVAILABLE",
    "CANCELLED, Channel shutdownNow invoked, UNAVAILABLE",
    "UNKNOWN, context canceled, UNAVAILABLE",
    "INTERNAL, RST_STREAM, UNAVAILABLE",
    "UNAUTHENTICATED, etcdserver: invalid auth token, UNAVAILABLE",
    "INVALID_ARGUMENT, etcdserver: revision of auth store is old, UNAVAILABLE",
    "RESOURCE_EXHAUSTED, etcdserver: mvcc: database space exceeded, EXHAUSTED",
    "RESOURCE_EXHAUSTED, etcdserver: too many requests, EXHAUSTED",
    "NOT_FOUND, etcdserver: requested lease not found, NOT_FOUND",
    "OUT_OF_RANGE, etcdserver: mvcc: required revision is a future revision, INVALID",
    "INVALID_ARGUMENT, etcdserver: request is too large, INVALID",
    "INVALID_ARGUMENT, etcdserver: too many operations in txn request, INVALID",
    "PERMISSION_DENIED, etcdserver: permission denied, INVALID",
    "UNAUTHENTICATED, wrong password, INVALID"
  })
  void tellsWhatTheCallerCanDo(Status.Code code, String said, StoreException.Code expected) {
    StoreException failure =
        Failures.of(code.toStatus().withDescription(said).asRuntimeException());

    assertThat(failure.code()).isEqualTo(expected);
    assertThat(failure.getCause()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(Status.Code.class)
  void hasAWordForEveryCode(Status.Code code) {
    assertThat(Failures.of(code.toStatus().asException()).getMessage()).contains("etcd");
  }

  @Test
  void keepsEtcdsOwnWords() {
    assertThat(
            Failures.of(
                Status.INVALID_ARGUMENT
                    .withDescription("etcdserver: request is too large")
                    .asException()))
        .hasMessageContaining("request is too large");
  }

  @Test
  void knowsACompactedRead() {
    assertThat(
            Failures.isCompacted(
                Status.OUT_OF_RANGE
                    .withDescription("etcdserver: mvcc: required revision has been compacted")
                    .asException()))
        .isTrue();
    assertThat(
            Failures.isCompacted(
                Status.OUT_OF_RANGE
                    .withDescription("etcdserver: mvcc: required revision is a future revision")
                    .asException()))
        .isFalse();
  }

  @Test
  void aMissedDeadlineIsToldInOneLine() {
    String channel =
        "CallOptions deadline exceeded after 4.9s. Name resolution delay 0.0 seconds. [closed=[],"
            + " open=[[wait_for_ready, Last Pick Failure=Status{cause=Connection refused: /127.0.0.1:1\n"
            + "\tat io.grpc.Somewhere]]]";
    StoreException told = Failures.of(Status.DEADLINE_EXCEEDED.withDescription(channel), null);
    assertThat(told)
        .hasMessage(
            "etcd did not answer in time: CallOptions deadline exceeded after 4.9s;"
                + " the last connection was refused");
    assertThat(Failures.of(Status.INTERNAL.withDescription("x".repeat(5_000)), null).getMessage())
        .hasSizeLessThan(400);
  }
}
