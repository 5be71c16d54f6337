package peloton.mesos.local.agent;

/** An executor of one framework; executor ids are unique only within their framework and agent. */
public record ExecutorKey(String frameworkId, String executorId) {}
