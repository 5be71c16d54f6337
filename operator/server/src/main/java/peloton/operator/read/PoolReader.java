package peloton.operator.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.peloton.Peloton.Revision;
import peloton.api.v1alpha.pod.Pod.ContainerSpec;
import peloton.api.v1alpha.pod.Pod.PodSpec;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.ResourceSpec;
import peloton.api.v1alpha.respool.Respool.ReservationType;
import peloton.api.v1alpha.respool.Respool.ResourcePoolInfo;
import peloton.api.v1alpha.respool.Respool.ResourcePoolPath;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.Respool.ResourceUsage;
import peloton.desired.job.EffectivePodSpec;
import peloton.desired.pool.PoolTree;
import peloton.entitlement.ResourceKind;
import peloton.records.PodRecord;
import peloton.records.PoolUsageRecord;
import peloton.store.view.JobEntry;
import peloton.store.view.Records;

/**
 * Resource pools as the API shows them, as of one moment, with what the pods in them hold. A pool's
 * usage includes that of the pools below it.
 */
public final class PoolReader {
  private final Records records;
  private final PoolTree tree;
  private final Map<String, Usage> usages = new HashMap<>();

  private PoolReader(Records records, PoolTree tree) {
    this.records = records;
    this.tree = tree;
  }

  /** Reads the pools, and adds up what every job's pods hold. */
  public static PoolReader of(Records records) {
    PoolReader reader = new PoolReader(records, PoolTree.of(records));
    for (JobEntry job : records.jobs()) {
      CurrentJob.find(job).ifPresent(current -> reader.addUsage(job, current));
    }
    return reader;
  }

  public PoolTree tree() {
    return tree;
  }

  /** A pool that the tree contains. */
  public ResourcePoolInfo info(String id) {
    ResourcePoolInfo.Builder info =
        ResourcePoolInfo.newBuilder()
            .setRespoolId(id(id))
            .setSpec(spec(id))
            .setPath(ResourcePoolPath.newBuilder().setValue(tree.path(id).orElse("")))
            .addAllUsages(usages.getOrDefault(id, new Usage()).list());
    tree.pool(id).ifPresent(pool -> info.setParent(pool.getSpec().getParent()));
    tree.children(id).forEach(child -> info.addChildren(id(child)));
    return info.build();
  }

  /** Every pool, the root first. */
  public List<ResourcePoolInfo> all() {
    List<ResourcePoolInfo> infos = new ArrayList<>();
    infos.add(info(PoolTree.ROOT));
    tree.ids().stream().sorted().forEach(id -> infos.add(info(id)));
    return infos;
  }

  private ResourcePoolSpec spec(String id) {
    return tree.pool(id)
        .map(
            pool ->
                pool.getSpec().toBuilder()
                    .setRevision(
                        Revision.newBuilder()
                            .setVersion(records.poolRevision(id))
                            .setCreatedAt(pool.getCreatedAt())
                            .setUpdatedAt(pool.getUpdatedAt()))
                    .build())
        .orElseGet(this::rootSpec);
  }

  /** The root reserves and allows what the cluster has, as the leader last saw it. */
  private ResourcePoolSpec rootSpec() {
    ResourcePoolSpec.Builder spec = ResourcePoolSpec.newBuilder().setName(PoolTree.ROOT);
    PoolUsageRecord usage = records.poolUsages().get(PoolTree.ROOT);
    if (usage != null) {
      for (ResourceKind kind : ResourceKind.SPECIFIED) {
        double capacity = usage.getEntitlement(kind.ordinal()) / 1000.0;
        spec.addResourcesBuilder()
            .setKind(kind.label())
            .setReservation(capacity)
            .setLimit(capacity)
            .setShare(1)
            .setType(ReservationType.RESERVATION_TYPE_ELASTIC);
      }
    }
    return spec.build();
  }

  private void addUsage(JobEntry job, CurrentJob current) {
    Usage usage = new Usage();
    job.podCounts()
        .byVersion()
        .forEach(
            (version, states) -> {
              JobSpec spec = job.spec(version);
              int count =
                  states.entrySet().stream()
                      .filter(entry -> holds(entry.getKey()))
                      .mapToInt(Map.Entry::getValue)
                      .sum();
              if (spec != null && count > 0) {
                usage.add(spec, job, version, count);
              }
            });
    String pool = current.spec().getRespoolId().getValue();
    // A loop of parents cannot come about through the API; a bound keeps a broken record harmless.
    for (int depth = 0; depth < 100 && tree.contains(pool); depth++) {
      usages.computeIfAbsent(pool, id -> new Usage()).add(usage);
      if (pool.equals(PoolTree.ROOT)) {
        break;
      }
      pool = tree.pool(pool).map(p -> p.getSpec().getParent().getValue()).orElse("");
    }
  }

  /** Whether a pod in this state holds the resources of an agent. */
  private static boolean holds(PodState state) {
    return switch (state) {
      case POD_STATE_LAUNCHING,
          POD_STATE_LAUNCHED,
          POD_STATE_STARTING,
          POD_STATE_RUNNING,
          POD_STATE_KILLING,
          POD_STATE_PREEMPTING ->
          true;
      default -> false;
    };
  }

  private static ResourcePoolID id(String id) {
    return ResourcePoolID.newBuilder().setValue(id).build();
  }

  /** Amounts of the four kinds, of which some is held by revocable pods. */
  private static final class Usage {
    private static final List<String> KINDS = List.of("cpu", "gpu", "memory", "disk");

    private final double[] allocation = new double[KINDS.size()];
    private final double[] slack = new double[KINDS.size()];

    void add(Usage other) {
      for (int kind = 0; kind < allocation.length; kind++) {
        allocation[kind] += other.allocation[kind];
        slack[kind] += other.slack[kind];
      }
    }

    void add(JobSpec spec, JobEntry job, long version, int count) {
      double[] into = spec.getSla().getRevocable() ? slack : allocation;
      int common = count;
      for (int instance : spec.getInstanceSpecMap().keySet()) {
        PodRecord record = job.pods().get(instance);
        if (record != null && record.getVersion() == version && holds(record.getState())) {
          add(into, EffectivePodSpec.of(spec, instance), 1);
          common--;
        }
      }
      add(into, spec.getDefaultSpec(), common);
    }

    private static void add(double[] into, PodSpec pod, int count) {
      for (ContainerSpec container : pod.getContainersList()) {
        ResourceSpec resource = container.getResource();
        into[0] += count * resource.getCpuLimit();
        into[1] += count * resource.getGpuLimit();
        into[2] += count * resource.getMemLimitMb();
        into[3] += count * resource.getDiskLimitMb();
      }
    }

    List<ResourceUsage> list() {
      List<ResourceUsage> list = new ArrayList<>();
      for (int kind = 0; kind < allocation.length; kind++) {
        list.add(
            ResourceUsage.newBuilder()
                .setKind(KINDS.get(kind))
                .setAllocation(allocation[kind])
                .setSlack(slack[kind])
                .build());
      }
      return list;
    }
  }
}
