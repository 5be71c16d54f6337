package peloton.mesos.local.agent;

/**
 * The framework that a task belongs to.
 *
 * @param reportsKilling whether it knows TASK_KILLING
 * @param partitionAware whether it knows the states of tasks on agents that were lost
 */
public record Owner(String frameworkId, boolean reportsKilling, boolean partitionAware) {}
