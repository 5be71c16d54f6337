package peloton.mesos.local.agent;

/** The container of a default executor, within which the containers of its tasks are nested. */
public record GroupContainer(String executorId, String containerId) {}
