package peloton.mesos.driver;

import org.apache.mesos.v1.scheduler.Protos.Event;

/** What the Mesos master says. All methods are called from one thread and must not block. */
public interface MesosEvents {

  /**
   * An event of the subscription, SUBSCRIBED included; HEARTBEATs are kept to the driver, and an
   * ERROR, which ends the subscription, arrives as {@link #disconnected}. A listener that throws
   * ends the subscription too.
   */
  void event(Event event);

  /**
   * The subscription ended; offers are void. The driver is already trying again, unless the kind
   * says that it cannot help. Called once for every subscription that was confirmed by a SUBSCRIBED
   * event, and for every attempt that ends as anything but RETRYING; not after the driver was
   * closed.
   */
  void disconnected(Disconnection disconnection);

  /**
   * Why a subscription ended.
   *
   * @param kind what can be done about it
   * @param detail for people: what the master said, with the HTTP status if there was one
   */
  record Disconnection(Kind kind, String detail) {

    /** What can be done about it. */
    public enum Kind {
      /** The connection broke, was refused or fell silent: the driver subscribes again. */
      RETRYING,
      /** Another scheduler subscribed with the same framework id: this one must step down. */
      FAILED_OVER,
      /** The master removed the framework: its tasks are gone and only a person may go on. */
      REMOVED,
      /**
       * The master refuses the credentials or the framework: only configuration helps. The driver
       * asks again after a long pause.
       */
      REFUSED
    }
  }
}
