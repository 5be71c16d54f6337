package peloton.mesos.driver;

import java.util.List;

/** Knows the masters of the cluster. Asked on the driver's thread before every attempt. */
public interface MasterDetector {

  /**
   * The masters worth trying, the likeliest leader first. They need not include the leader: a
   * master that does not lead redirects to the one that does. Empty when none is known yet; must
   * answer from memory.
   */
  List<MasterAddress> masters();
}
