package peloton.mesos.driver;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How the driver reaches the master and when it gives up on it. All durations are positive.
 *
 * @param masters finds the masters
 * @param credential sent with every request, if given
 * @param tls what every connection is secured with; if absent, plain HTTP is spoken
 * @param connectTimeout for the TCP connection
 * @param responseTimeout from a request to the head of its answer
 * @param missedHeartbeats after how many silent heartbeat intervals the subscription is given up;
 *     at least 1, and Mesos recommends 5
 * @param backoffMin the first pause before subscribing again
 * @param backoffMax the longest pause, which is also how long a subscription must live to make the
 *     next pause short again; Mesos recommends at most its heartbeat interval of 15 s
 * @param refusedBackoff the pause after a refusal that only configuration can change
 * @param maxRecordBytes the largest event that is accepted, 1 to 1 GiB
 * @param maxQueuedCalls how many calls may wait for the connection before the subscription is given
 *     up
 * @param pipelinedCalls how many calls may be on their way unanswered, 1 to 1024
 */
public record DriverSettings(
    MasterDetector masters,
    Optional<Credential> credential,
    Optional<MasterTls> tls,
    Duration connectTimeout,
    Duration responseTimeout,
    int missedHeartbeats,
    Duration backoffMin,
    Duration backoffMax,
    Duration refusedBackoff,
    int maxRecordBytes,
    int maxQueuedCalls,
    int pipelinedCalls) {

  /** Checks the ranges. */
  public DriverSettings {
    Objects.requireNonNull(masters, "masters");
    Objects.requireNonNull(credential, "credential");
    Objects.requireNonNull(tls, "tls");
    positive("connect timeout", connectTimeout);
    positive("response timeout", responseTimeout);
    positive("shortest back-off", backoffMin);
    positive("longest back-off", backoffMax);
    positive("back-off after a refusal", refusedBackoff);
    if (backoffMin.compareTo(backoffMax) > 0) {
      throw new IllegalArgumentException(
          "the shortest back-off " + backoffMin + " exceeds the longest, " + backoffMax);
    }
    within("missed heartbeats", missedHeartbeats, 1, 1000);
    within("largest record in bytes", maxRecordBytes, 1, 1 << 30);
    within("queued calls", maxQueuedCalls, 1, Integer.MAX_VALUE);
    within("pipelined calls", pipelinedCalls, 1, 1024);
  }

  /** The defaults, without a credential and without TLS. */
  public static DriverSettings of(MasterDetector masters) {
    return new DriverSettings(
        masters,
        Optional.empty(),
        Optional.empty(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        5,
        Duration.ofMillis(200),
        Duration.ofSeconds(15),
        Duration.ofMinutes(1),
        64 << 20,
        // An acknowledgement for each task and a launch or kill may well wait at the same time.
        1_000_000,
        64);
  }

  /** The same with a credential. */
  public DriverSettings withCredential(Credential given) {
    return new DriverSettings(
        masters,
        Optional.of(given),
        tls,
        connectTimeout,
        responseTimeout,
        missedHeartbeats,
        backoffMin,
        backoffMax,
        refusedBackoff,
        maxRecordBytes,
        maxQueuedCalls,
        pipelinedCalls);
  }

  /** The same over TLS. */
  public DriverSettings withTls(MasterTls given) {
    return new DriverSettings(
        masters,
        credential,
        Optional.of(given),
        connectTimeout,
        responseTimeout,
        missedHeartbeats,
        backoffMin,
        backoffMax,
        refusedBackoff,
        maxRecordBytes,
        maxQueuedCalls,
        pipelinedCalls);
  }

  /** The same with other times to wait. */
  public DriverSettings withTimes(
      Duration connect, Duration response, Duration shortest, Duration longest, Duration refused) {
    return new DriverSettings(
        masters,
        credential,
        tls,
        connect,
        response,
        missedHeartbeats,
        shortest,
        longest,
        refused,
        maxRecordBytes,
        maxQueuedCalls,
        pipelinedCalls);
  }

  /** The same with other limits. */
  public DriverSettings withLimits(int missed, int recordBytes, int queued, int pipelined) {
    return new DriverSettings(
        masters,
        credential,
        tls,
        connectTimeout,
        responseTimeout,
        missed,
        backoffMin,
        backoffMax,
        refusedBackoff,
        recordBytes,
        queued,
        pipelined);
  }

  private static void positive(String what, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("the " + what + " must be positive and is " + value);
    }
  }

  private static void within(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " must be from " + least + " to " + most + " and is " + value);
    }
  }
}
