package peloton.store.view;

import java.time.Duration;
import java.util.List;

/**
 * How patient a view is. Every duration is greater than zero.
 *
 * @param retryFirst wait after the first failed reading; doubles with each further one
 * @param retryLongest longest wait between readings
 * @param probeInterval how often the store is asked whether it is back while the watch is
 *     interrupted
 * @param watchPatience how long the store may answer while the watch stays silent, and how far the
 *     view may lag behind a comparison, before changes are taken as lost
 * @param resyncInterval how often everything is compared with the store, since a watch of etcd can
 *     lose changes unnoticed
 * @param resyncSlice records that are compared in one go, at least 1; the view goes on in between
 */
public record StoreViewSettings(
    Duration retryFirst,
    Duration retryLongest,
    Duration probeInterval,
    Duration watchPatience,
    Duration resyncInterval,
    int resyncSlice) {

  public StoreViewSettings {
    for (Duration duration :
        List.of(retryFirst, retryLongest, probeInterval, watchPatience, resyncInterval)) {
      if (duration.isZero() || duration.isNegative()) {
        throw new IllegalArgumentException("durations must be greater than zero: " + duration);
      }
    }
    if (resyncSlice < 1) {
      throw new IllegalArgumentException("resyncSlice must be at least 1: " + resyncSlice);
    }
  }

  public static StoreViewSettings defaults() {
    return new StoreViewSettings(
        Duration.ofMillis(100),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        2_000);
  }

  public StoreViewSettings withResyncInterval(Duration interval) {
    return new StoreViewSettings(
        retryFirst, retryLongest, probeInterval, watchPatience, interval, resyncSlice);
  }

  public StoreViewSettings withResyncSlice(int records) {
    return new StoreViewSettings(
        retryFirst, retryLongest, probeInterval, watchPatience, resyncInterval, records);
  }
}
