package peloton.mesos.local.agent;

import java.util.List;

/**
 * The container of a default executor, within which the containers of its tasks are nested.
 *
 * @param volumes those of the executor, which its tasks reach through their parent's sandbox
 */
public record GroupContainer(
    String executorId, String containerId, List<PersistentVolume> volumes) {}
