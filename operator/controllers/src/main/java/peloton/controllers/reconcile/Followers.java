package peloton.controllers.reconcile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import peloton.records.JobGoalRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.RecordChange;
import peloton.store.view.RecordKey;
import peloton.store.view.Records;
import peloton.store.view.ViewListener;

/**
 * Who is to hear of which records: a pass leaves here what its result depends on, and when that
 * changes its resource is called. May be asked from any thread.
 */
public final class Followers implements ViewListener {
  private final BiConsumer<ResourceKey, Haste> call;
  private final Map<ResourceKey, String> jobs = new ConcurrentHashMap<>();
  private final Map<String, Set<ResourceKey>> byJob = new ConcurrentHashMap<>();
  private final Set<ResourceKey> ofPools = ConcurrentHashMap.newKeySet();
  private final Set<ResourceKey> ofLoad = ConcurrentHashMap.newKeySet();
  private final Set<ResourceKey> ofHosts = ConcurrentHashMap.newKeySet();

  /** Jobs that belong to a resource after which they are not named, by its uid. */
  private final Map<String, String> adopted = new ConcurrentHashMap<>();

  /** How soon to look at a resource again. */
  public enum Haste {
    /** What it asks for, or what came of it, is another. */
    SOON,
    /** Only numbers moved that keep moving. */
    EVENTUALLY
  }

  /**
   * @param call called on the view's thread with a resource to look at; must not block
   */
  public Followers(BiConsumer<ResourceKey, Haste> call) {
    this.call = call;
  }

  /** Follows this job, and no other any more. */
  void followJob(ResourceKey resource, String job) {
    String before = jobs.put(resource, job);
    if (before != null && !before.equals(job)) {
      leave(resource, before);
    }
    byJob.computeIfAbsent(job, id -> ConcurrentHashMap.newKeySet()).add(resource);
  }

  /** Follows whether and how there are pools, or not any more. */
  void followPools(ResourceKey resource, boolean follow) {
    include(ofPools, resource, follow);
  }

  /** Follows what jobs use, wherever they lie. */
  void followLoad(ResourceKey resource) {
    ofLoad.add(resource);
  }

  /** Follows hosts. */
  void followHosts(ResourceKey resource) {
    ofHosts.add(resource);
  }

  /** Follows nothing any more. */
  void forget(ResourceKey resource) {
    String job = jobs.remove(resource);
    if (job != null) {
      leave(resource, job);
    }
    ofPools.remove(resource);
    ofLoad.remove(resource);
    ofHosts.remove(resource);
  }

  /** The job that belongs to a resource, if it is named otherwise. */
  Optional<String> adoptedBy(String uid) {
    return Optional.ofNullable(adopted.get(uid));
  }

  @Override
  public void onSnapshot(Records records, long revision) {
    adopted.clear();
    for (JobEntry job : records.jobs()) {
      JobGoalRecord goal = job.goal();
      if (goal != null) {
        index(job.id(), goal);
      }
    }
    jobs.keySet().forEach(resource -> call.accept(resource, Haste.SOON));
    callAll(ofPools, Haste.SOON);
    callAll(ofLoad, Haste.SOON);
    callAll(ofHosts, Haste.SOON);
  }

  @Override
  public void onChanges(List<RecordChange> changes, long revision) {
    boolean load = false;
    for (RecordChange change : changes) {
      onChange(change);
      load |= change.key() instanceof RecordKey.Pod || change.key() instanceof RecordKey.JobGoal;
    }
    if (load) {
      callAll(ofLoad, Haste.EVENTUALLY);
    }
  }

  private void onChange(RecordChange change) {
    RecordKey key = change.key();
    if (key instanceof RecordKey.JobGoal goal) {
      change
          .value()
          .ifPresentOrElse(
              value -> index(goal.job(), (JobGoalRecord) value),
              () -> adopted.values().remove(goal.job()));
      callJob(goal.job());
    } else if (key instanceof RecordKey.JobStatus status) {
      callJob(status.job());
    } else if (key instanceof RecordKey.WorkflowStatus status) {
      callJob(status.job());
    } else if (key instanceof RecordKey.WorkflowRequest request) {
      callJob(request.job());
    } else if (key instanceof RecordKey.Pod pod) {
      callJob(pod.job());
    } else if (key instanceof RecordKey.PodGoal pod) {
      callJob(pod.job());
    } else if (key instanceof RecordKey.Pool) {
      callAll(ofPools, Haste.SOON);
    } else if (key instanceof RecordKey.Host || key instanceof RecordKey.HostGoal) {
      callAll(ofHosts, Haste.SOON);
    } else if (key instanceof RecordKey.Lockdown) {
      callAll(ofHosts, Haste.SOON);
      jobs.keySet().forEach(resource -> call.accept(resource, Haste.SOON));
      callAll(ofPools, Haste.SOON);
    }
  }

  private void callJob(String job) {
    Set<ResourceKey> followers = byJob.get(job);
    if (followers != null) {
      callAll(followers, Haste.SOON);
    }
  }

  private void callAll(Set<ResourceKey> resources, Haste haste) {
    for (ResourceKey resource : resources) {
      call.accept(resource, haste);
    }
  }

  private void index(String job, JobGoalRecord goal) {
    if (goal.hasOwner() && !goal.getOwner().getUid().equals(job)) {
      adopted.put(goal.getOwner().getUid(), job);
    } else {
      adopted.values().remove(job);
    }
  }

  private void leave(ResourceKey resource, String job) {
    byJob.computeIfPresent(
        job,
        (id, followers) -> {
          followers.remove(resource);
          return followers.isEmpty() ? null : followers;
        });
  }

  private static void include(Set<ResourceKey> set, ResourceKey resource, boolean in) {
    if (in) {
      set.add(resource);
    } else {
      set.remove(resource);
    }
  }
}
