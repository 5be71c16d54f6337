package peloton.mesos.local.master;

import java.time.Duration;

/**
 * The master's timers.
 *
 * @param allocationInterval between two rounds of offers
 * @param heartbeatInterval between two heartbeats of a stream
 * @param agentPingTimeout from the loss of an agent until its tasks count as unreachable
 */
public record MasterSettings(
    Duration allocationInterval, Duration heartbeatInterval, Duration agentPingTimeout) {}
