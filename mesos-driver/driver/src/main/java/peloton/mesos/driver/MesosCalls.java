package peloton.mesos.driver;

import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * The way to the Mesos master. Calls reach it in the order of {@link #send}; nothing waits for the
 * answer, which for most calls is only "accepted" (202) and says nothing about the effect. Calls
 * made while there is no subscription are dropped: the next subscription starts with a
 * reconciliation, which finds out what is missing.
 */
public interface MesosCalls {

  /**
   * Queues a call; never blocks. The driver fills in the framework id.
   *
   * @param call any call but SUBSCRIBE, which the driver makes by itself
   */
  void send(Call call);

  /**
   * How many calls wait to be sent. They pile up when a master takes them slowly: whoever can do
   * without new ones for a while should then, since too many end the subscription.
   */
  default int waiting() {
    return 0;
  }
}
