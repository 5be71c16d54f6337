package peloton.loop;

import java.time.Duration;
import peloton.placement.PlacementSettings;
import peloton.pod.Backoff;

/**
 * What can be tuned of the loops.
 *
 * @param framework who the control plane is to Mesos
 * @param backoff the waits of a pod that fails again and again
 * @param launchTimeout how long Mesos may stay silent about a launched task
 * @param killTimeout how long a killed task may live on before its executor is shut down (Peloton's
 *     three hours)
 * @param unreachableTimeout how long a pod waits for an agent that Mesos cannot reach before
 *     another run takes its place; Mesos itself waits for its agents before it says so
 * @param killRetry how often a kill is repeated until the task's end is seen; kills are best-effort
 * @param reconcileRetry the first wait before tasks that Mesos said nothing of are asked about
 *     again; doubled up to a minute
 * @param implicitReconcile how often Mesos is asked for all tasks that it knows
 * @param idleOffers how long offers are held when no pod waits, before they are declined
 * @param settleTime how long a pod without a health check must have run before its workflow counts
 *     it as done and goes on
 * @param pools the pace of resource pools
 * @param maxPlacementsPerPass most pods to place in one go; bounds one turn of the control thread
 * @param placement which hosts pods go to
 */
public record LoopSettings(
    FrameworkSettings framework,
    Backoff backoff,
    Duration launchTimeout,
    Duration killTimeout,
    Duration unreachableTimeout,
    Duration killRetry,
    Duration reconcileRetry,
    Duration implicitReconcile,
    Duration idleOffers,
    Duration settleTime,
    PoolSettings pools,
    int maxPlacementsPerPass,
    PlacementSettings placement) {

  /** The defaults of a production cluster. */
  public static LoopSettings defaults(FrameworkSettings framework) {
    return new LoopSettings(
        framework,
        Backoff.DEFAULT,
        Duration.ofMinutes(180),
        Duration.ofMinutes(180),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofMinutes(15),
        Duration.ofSeconds(5),
        Duration.ofMillis(250),
        PoolSettings.DEFAULT,
        5_000,
        PlacementSettings.DEFAULT);
  }

  /** The same with another pace at which pods are tried again. */
  public LoopSettings withRetries(Backoff other, Duration launches, Duration unreachable) {
    return new LoopSettings(
        framework,
        other,
        launches,
        killTimeout,
        unreachable,
        killRetry,
        reconcileRetry,
        implicitReconcile,
        idleOffers,
        settleTime,
        pools,
        maxPlacementsPerPass,
        placement);
  }

  /** The same with another pace of resource pools. */
  public LoopSettings withPools(PoolSettings other) {
    return new LoopSettings(
        framework,
        backoff,
        launchTimeout,
        killTimeout,
        unreachableTimeout,
        killRetry,
        reconcileRetry,
        implicitReconcile,
        idleOffers,
        settleTime,
        other,
        maxPlacementsPerPass,
        placement);
  }

  /** The same with other places for pods. */
  public LoopSettings withPlacement(PlacementSettings other) {
    return new LoopSettings(
        framework,
        backoff,
        launchTimeout,
        killTimeout,
        unreachableTimeout,
        killRetry,
        reconcileRetry,
        implicitReconcile,
        idleOffers,
        settleTime,
        pools,
        maxPlacementsPerPass,
        other);
  }
}
