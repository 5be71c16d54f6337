package peloton.host;

import peloton.api.v1alpha.host.Host.HostState;

/**
 * A host at one moment.
 *
 * @param goal UP or DOWN
 * @param state what its record says; UP for a host without one
 * @param registered whether Mesos has an agent of it
 * @param withheld whether Mesos makes no offers of it, or has it scheduled for maintenance
 * @param down whether Mesos has taken it down, or drained it of everybody's tasks
 * @param pods how many pods are on it, or may be
 * @param moving whether it is to go to another pool of hosts
 */
public record HostView(
    HostState goal,
    HostState state,
    boolean registered,
    boolean withheld,
    boolean down,
    int pods,
    boolean moving) {}
