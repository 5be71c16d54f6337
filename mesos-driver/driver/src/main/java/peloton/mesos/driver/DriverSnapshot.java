package peloton.mesos.driver;

import java.time.Duration;
import java.util.Optional;

/**
 * What the driver is doing, for health checks and metrics. Counters start with the driver and never
 * fall.
 *
 * @param state whether there is a subscription
 * @param master who is subscribed to or tried
 * @param subscribedFor how long the present subscription lives; zero without one
 * @param silentFor the time since the master last sent any byte on the present subscription; zero
 *     without one
 * @param subscriptions how often the master confirmed a subscription
 * @param eventsReceived events, heartbeats included
 * @param eventsSkipped events that this version cannot read, and dropped
 * @param callsAccepted calls that the master answered with 2xx
 * @param callsDropped calls that were dropped for want of a subscription
 * @param callsQueued calls that wait for the connection now
 * @param lastFailure why the last attempt or subscription ended
 */
public record DriverSnapshot(
    State state,
    Optional<MasterAddress> master,
    Duration subscribedFor,
    Duration silentFor,
    long subscriptions,
    long eventsReceived,
    long eventsSkipped,
    long callsAccepted,
    long callsDropped,
    int callsQueued,
    Optional<MesosEvents.Disconnection> lastFailure) {

  /** Where the driver is in its life. */
  public enum State {
    /** Not started yet. */
    NEW,
    /** On its way to a subscription. */
    CONNECTING,
    /** The master confirmed the subscription. */
    SUBSCRIBED,
    /** Closed, failed over or removed: it will not subscribe again. */
    STOPPED
  }
}
