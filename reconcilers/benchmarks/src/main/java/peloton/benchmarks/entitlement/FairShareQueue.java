package peloton.benchmarks.entitlement;

import org.apache.hadoop.yarn.api.records.Priority;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.fair.FSSchedulerNode;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.fair.Schedulable;
import org.apache.hadoop.yarn.util.resource.Resources;

/** As much of a queue as Hadoop's fair shares ask for. */
final class FairShareQueue implements Schedulable {
  private final float weight;
  private final Resource limit;
  private Resource share = Resource.newInstance(0, 0);

  FairShareQueue(float weight, long limit) {
    this.weight = weight;
    this.limit = Resource.newInstance(limit, 1);
  }

  @Override
  public String getName() {
    return "queue";
  }

  @Override
  public Resource getDemand() {
    return limit;
  }

  @Override
  public Resource getResourceUsage() {
    return Resources.none();
  }

  @Override
  public Resource getMinShare() {
    return Resources.none();
  }

  @Override
  public Resource getMaxShare() {
    return limit;
  }

  @Override
  public float getWeight() {
    return weight;
  }

  @Override
  public long getStartTime() {
    return 0;
  }

  @Override
  public Priority getPriority() {
    return Priority.newInstance(1);
  }

  @Override
  public void updateDemand() {}

  @Override
  public Resource assignContainer(FSSchedulerNode node) {
    return Resources.none();
  }

  @Override
  public Resource getFairShare() {
    return share;
  }

  @Override
  public void setFairShare(Resource fairShare) {
    share = fairShare;
  }

  @Override
  public boolean isPreemptable() {
    return true;
  }
}
