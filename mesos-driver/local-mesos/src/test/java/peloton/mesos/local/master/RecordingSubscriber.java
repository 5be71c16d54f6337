package peloton.mesos.local.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** A scheduler's end of its stream. */
final class RecordingSubscriber implements Subscriber {

  private final String streamId;
  private final List<Event> events = new ArrayList<>();
  private boolean closed;

  RecordingSubscriber(String streamId) {
    this.streamId = streamId;
  }

  @Override
  public String streamId() {
    return streamId;
  }

  @Override
  public void send(Event event) {
    assertThat(closed).as("nothing follows the end of a stream").isFalse();
    events.add(event);
  }

  @Override
  public void close() {
    closed = true;
  }

  boolean closed() {
    return closed;
  }

  /** Everything since the last look. */
  List<Event> take() {
    var all = List.copyOf(events);
    events.clear();
    return all;
  }

  /** The events of one type since the last look at that type. */
  List<Event> take(Event.Type type) {
    var some = events.stream().filter(event -> event.getType() == type).toList();
    events.removeAll(some);
    return some;
  }

  List<Offer> takeOffers() {
    return take(Event.Type.OFFERS).stream()
        .flatMap(event -> event.getOffers().getOffersList().stream())
        .toList();
  }

  Offer takeOffer() {
    var offers = takeOffers();
    assertThat(offers).hasSize(1);
    return offers.get(0);
  }

  List<TaskStatus> takeUpdates() {
    return take(Event.Type.UPDATE).stream().map(event -> event.getUpdate().getStatus()).toList();
  }

  TaskStatus takeUpdate(TaskState state) {
    var updates = takeUpdates();
    assertThat(updates).hasSize(1);
    assertThat(updates.get(0).getState()).as("%s", updates.get(0)).isEqualTo(state);
    return updates.get(0);
  }
}
