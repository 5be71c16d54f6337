package peloton.mesos.local.agent;

/** A task of one framework; task ids are unique only within their framework. */
public record TaskKey(String frameworkId, String taskId) {

  @Override
  public String toString() {
    return taskId + " of framework " + frameworkId;
  }
}
