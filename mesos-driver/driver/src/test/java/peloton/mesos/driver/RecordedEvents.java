package peloton.mesos.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** A listener that keeps what it hears, in order. */
final class RecordedEvents implements MesosEvents {
  private static final long PATIENCE_SECONDS = 60;

  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  private volatile Consumer<Event> reaction = event -> {};

  /** Does something on the driver's thread after each event is recorded. */
  void react(Consumer<Event> with) {
    reaction = with;
  }

  @Override
  public void event(Event event) {
    heard.add(event);
    reaction.accept(event);
  }

  @Override
  public void disconnected(Disconnection disconnection) {
    heard.add(disconnection);
  }

  Event nextEvent() {
    return next(Event.class);
  }

  Disconnection nextDisconnection() {
    return next(Disconnection.class);
  }

  void expectNothing() {
    assertThat(heard).isEmpty();
  }

  private <T> T next(Class<T> type) {
    try {
      Object next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(next).isInstanceOf(type);
      return type.cast(next);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
