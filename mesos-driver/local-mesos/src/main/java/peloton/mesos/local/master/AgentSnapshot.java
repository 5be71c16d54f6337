package peloton.mesos.local.master;

/** An agent as an observer sees it. */
public record AgentSnapshot(
    String id, String hostname, boolean active, String total, String free) {}
