package peloton.mesos.local.master;

/** A framework as an observer sees it. */
public record FrameworkSnapshot(String id, String name, boolean connected, int offers, int tasks) {}
