package peloton.mesos.local.master;

import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * The stream of events to one subscribed scheduler. Never blocks; after the end it does nothing.
 */
public interface Subscriber {

  /** The id that the scheduler's calls have to carry. */
  String streamId();

  void send(Event event);

  /** Ends the stream after what was sent. */
  void close();
}
