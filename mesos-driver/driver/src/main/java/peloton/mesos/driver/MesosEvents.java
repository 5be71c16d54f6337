package peloton.mesos.driver;

import org.apache.mesos.v1.scheduler.Protos.Event;

/** What the Mesos master says. All methods are called from one thread and must not block. */
public interface MesosEvents {

  /** An event of the subscription, SUBSCRIBED included; HEARTBEATs are kept to the driver. */
  void event(Event event);

  /**
   * The subscription ended; offers are void. The driver is already trying again, unless {@code
   * failure} says that it cannot help.
   */
  void disconnected(Disconnection disconnection);

  /** Why a subscription ended. */
  record Disconnection(Kind kind, String detail) {

    /** What can be done about it. */
    public enum Kind {
      /** The connection broke, was refused or fell silent: the driver subscribes again. */
      RETRYING,
      /** Another scheduler subscribed with the same framework id: this one must step down. */
      FAILED_OVER,
      /** The master removed the framework: its tasks are gone and only a person may go on. */
      REMOVED,
      /** The master refuses the credentials or the framework: only configuration helps. */
      REFUSED
    }
  }
}
