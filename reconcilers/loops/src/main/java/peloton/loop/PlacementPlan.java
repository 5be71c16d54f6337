package peloton.loop;

import java.util.List;
import java.util.Map;
import peloton.placement.Refusals;

/**
 * Where instances would go if they were placed now, and nothing else happened.
 *
 * @param instancesByHost the instances by the name of their host
 * @param notPlaced the instances that no host would take, with the reason
 * @param hosts how many hosts are known
 */
public record PlacementPlan(
    Map<String, List<Integer>> instancesByHost, List<NotPlaced> notPlaced, int hosts) {

  public PlacementPlan {
    instancesByHost = Map.copyOf(instancesByHost);
    notPlaced = List.copyOf(notPlaced);
  }

  /** Instances that have no place, for one reason. */
  public record NotPlaced(List<Integer> instances, Refusals refusals) {
    public NotPlaced {
      instances = List.copyOf(instances);
    }
  }

  /**
   * What is asked.
   *
   * @param job the job's id; "" for one that does not exist yet
   * @param leaving instances whose present pods would be gone by then
   * @param arriving instances that are to be placed
   */
  public record Question(
      String job,
      peloton.api.v1alpha.job.stateless.Stateless.JobSpec spec,
      List<Integer> leaving,
      List<Integer> arriving) {
    public Question {
      leaving = List.copyOf(leaving);
      arriving = List.copyOf(arriving);
    }
  }
}
