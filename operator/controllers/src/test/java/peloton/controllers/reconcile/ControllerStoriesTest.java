package peloton.controllers.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.host.Host.HostState;
import peloton.api.v1alpha.job.stateless.Stateless.JobState;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.crds.HostMaintenance;
import peloton.crds.ResourcePool;
import peloton.crds.StatelessJob;
import peloton.desired.ApiException;
import peloton.desired.job.JobSnapshot;
import peloton.desired.owner.Requester;
import peloton.store.view.JobEntry;

/** Controllers on a store in memory and a Kubernetes in memory, killed after every write. */
class ControllerStoriesTest {
  private static final String POOL =
      "{path: /web, resources: [{kind: cpu, reservation: 1, limit: 10, share: 1}]}";
  private static final String TEMPLATE =
      "template: {containers: [{name: web, image: 'web:1', resources: {cpu: 1, memory: 64Mi}}]}";

  private static String job(String more) {
    return "{respool: /web, " + TEMPLATE + (more.isEmpty() ? "" : ", " + more) + "}";
  }

  /** The story, cut nowhere and everywhere; each must come to the same end. */
  private static void sweep(Consumer<ControllerWorld> story) {
    ControllerWorld untouched = new ControllerWorld(-1);
    story.accept(untouched);
    assertThat(untouched.passed()).isPositive();
    for (long point = 0; point < untouched.passed(); point++) {
      ControllerWorld world = new ControllerWorld(point);
      story.accept(world);
      assertThat(end(world)).as("after a death at point %s", point).isEqualTo(end(untouched));
    }
  }

  private static List<String> end(ControllerWorld world) {
    List<String> end = new ArrayList<>();
    for (JobEntry entry : world.records().jobs()) {
      JobSnapshot job = JobSnapshot.of(entry).orElseThrow();
      end.add(
          job.version()
              + " "
              + job.goal().getGoal()
              + " "
              + job.spec().getInstanceCount()
              + " "
              + job.workflow().getType()
              + " "
              + job.owner());
    }
    world.records().pools().values().forEach(pool -> end.add(pool.getId() + pool.getOwner()));
    if (world.job("web") != null) {
      end.add(reason(world) + " " + world.job("web").getStatus().observedGeneration());
    }
    return end;
  }

  private static String reason(ControllerWorld world) {
    return world.job("web").getStatus().conditions().get(0).reason();
  }

  @Test
  void aJobIsCreatedScaledRestartedSuspendedAndDeletedWithItsPool() {
    sweep(
        world -> {
          world.apply(StatelessJob.class, "web", job("replicas: 2"));
          world.settle();
          assertThat(reason(world)).isEqualTo("ResourcePoolNotFound");
          world.apply(ResourcePool.class, "web", POOL);
          world.settle();
          world.apply(StatelessJob.class, "web", job("replicas: 3"));
          world.settle();
          world.apply(StatelessJob.class, "web", job("replicas: 3, restart: {token: once}"));
          world.settle();
          world.apply(StatelessJob.class, "web", job("replicas: 3, suspend: true, abortToken: a"));
          world.settle();
        });
  }

  @Test
  void hostsAreHeldDownAsLongAsAResourceNamesThem() {
    sweep(
        world -> {
          world.see("a", HostState.HOST_STATE_UP);
          world.see("b", HostState.HOST_STATE_UP);
          world.apply(HostMaintenance.class, "rack", "{hosts: [a, unknown]}");
          world.apply(HostMaintenance.class, "kernel", "{hosts: [a, b]}");
          world.settle();
          assertThat(hostReason(world, "rack")).isEqualTo("HostNotFound");
          assertThat(hostReason(world, "kernel")).isEqualTo("HostsDraining");
          assertThat(goals(world)).isEqualTo("a=HOST_STATE_DOWN b=HOST_STATE_DOWN");

          world.see("a", HostState.HOST_STATE_DOWN);
          world.see("b", HostState.HOST_STATE_DOWN);
          world.settle();
          assertThat(hostReason(world, "kernel")).isEqualTo("HostsDown");

          world.apply(HostMaintenance.class, "kernel", "{hosts: [a]}");
          world.settle();
          assertThat(goals(world)).isEqualTo("a=HOST_STATE_DOWN b=HOST_STATE_UP");
          world.delete(HostMaintenance.class, "kernel");
          world.settle();
          assertThat(world.hosts("kernel")).isNull();
          assertThat(goals(world)).isEqualTo("a=HOST_STATE_DOWN b=HOST_STATE_UP");
          world.delete(HostMaintenance.class, "rack");
          world.settle();
          assertThat(goals(world)).isEqualTo("a=HOST_STATE_UP b=HOST_STATE_UP");
        });
  }

  private static String goals(ControllerWorld world) {
    return world.records().hosts().goals().entrySet().stream()
        .map(goal -> goal.getKey() + "=" + goal.getValue().getGoal())
        .collect(Collectors.joining(" "));
  }

  private static String hostReason(ControllerWorld world, String name) {
    return world.hosts(name).getStatus().conditions().get(0).reason();
  }

  @Test
  void aPoolThatIsDeletedBeforeItsJobWaitsForIt() {
    sweep(
        world -> {
          world.apply(ResourcePool.class, "web", POOL);
          world.apply(StatelessJob.class, "web", job(""));
          world.settle();
          world.delete(ResourcePool.class, "web");
          world.settle();
          assertThat(world.pool("web").getStatus().conditions().get(0).reason())
              .isEqualTo("PoolInUse");
          world.delete(StatelessJob.class, "web");
          world.settle();
          assertThat(world.job("web")).isNull();
          assertThat(world.pool("web")).isNull();
          assertThat(world.records().jobs()).isEmpty();
          assertThat(world.records().pools()).isEmpty();
        });
  }

  @Test
  void anOrphanStaysAndBelongsToNobody() {
    sweep(
        world -> {
          world.apply(ResourcePool.class, "web", POOL);
          world.apply(StatelessJob.class, "web", job("deletionPolicy: Orphan"));
          world.settle();
          world.delete(StatelessJob.class, "web");
          world.settle();
          assertThat(world.job("web")).isNull();
          assertThat(only(world).owner()).isEmpty();
        });
  }

  @Test
  void aJobIsAdoptedOnlyIfItsResourceAsksForIt() {
    sweep(
        world -> {
          world.apply(ResourcePool.class, "web", POOL);
          world.apply(StatelessJob.class, "web", job("deletionPolicy: Orphan"));
          world.settle();
          world.delete(StatelessJob.class, "web");
          world.settle();
          String id = only(world).id();
          world.apply(StatelessJob.class, "web", job("replicas: 5, adoptJobId: " + id));
          world.settle();
          assertThat(only(world).id()).isEqualTo(id);
          assertThat(only(world).spec().getInstanceCount()).isEqualTo(5);
          assertThat(only(world).owner()).isPresent();
        });
  }

  @Test
  void theSecondClaimantIsToldWhoseTheJobIs() {
    ControllerWorld world = running();
    world.apply(StatelessJob.class, "other", job("replicas: 7, adoptJobId: " + only(world).id()));
    world.settle();

    assertThat(world.job("other").getStatus().conditions().get(0).reason()).isEqualTo("NotOwned");
    assertThat(world.job("other").getStatus().conditions().get(0).message())
        .contains("StatelessJob shop/web (cluster test)");
    assertThat(only(world).spec().getInstanceCount()).isEqualTo(1);
  }

  @Test
  void aResourceThatIsCreatedAgainStandsForAnotherJob() {
    ControllerWorld world = running();
    String first = only(world).id();
    world.delete(StatelessJob.class, "web");
    world.settle();
    world.apply(StatelessJob.class, "web", job(""));
    world.settle();

    assertThat(only(world).id()).isNotEqualTo(first);
  }

  @Test
  void aClientIsRefusedAndAForcedWriteIsTakenBack() {
    ControllerWorld world = running();
    StopJobRequest stop =
        StopJobRequest.newBuilder()
            .setJobId(JobID.newBuilder().setValue(only(world).id()))
            .setVersion(only(world).version().toProto())
            .build();

    assertThatThrownBy(() -> world.process.call(world.process.jobs.stop(stop)))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("belongs to StatelessJob shop/web (cluster test)")
        .extracting(failure -> ((ApiException) failure).code())
        .isEqualTo(ApiException.Code.FAILED_PRECONDITION);

    world.process.call(world.process.jobs.as(new Requester.Client(true)).stop(stop));
    assertThat(only(world).goal().getGoal()).isEqualTo(JobState.JOB_STATE_KILLED);
    world.settle();
    assertThat(only(world).goal().getGoal()).isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(only(world).owner()).isPresent();
  }

  @Test
  void aJobThatAClientMadeIsNotTakenOverUnasked() {
    ControllerWorld world = running();
    String pool = only(world).spec().getRespoolId().getValue();
    String theirs = "00000000-0000-4000-8000-000000000009";
    world.process.call(
        world.process.jobs.create(
            CreateJobRequest.newBuilder()
                .setJobId(JobID.newBuilder().setValue(theirs))
                .setSpec(only(world).spec().toBuilder().clearRevision())
                .build()));
    world.settle();

    assertThat(JobSnapshot.of(world.records().job(theirs)).orElseThrow().owner()).isEmpty();
    assertThat(world.records().pools()).containsKey(pool);
  }

  @Test
  void aResyncOfUnchangedResourcesWritesNothing() {
    ControllerWorld world = new ControllerWorld(-1);
    world.apply(ResourcePool.class, "web", POOL);
    for (int i = 0; i < 300; i++) {
      world.apply(StatelessJob.class, "web-" + i, job("replicas: 3"));
    }
    world.settle();
    int kubernetes = world.kubernetesWrites;
    int store = world.storeWrites;
    long revision = world.data.range(world.keyspace.prefix()).revision();

    // As another leader does: nothing is remembered.
    world.process = world.new Process();
    world.settle();

    assertThat(world.records().jobs()).hasSize(300);
    assertThat(world.kubernetesWrites).isEqualTo(kubernetes);
    assertThat(world.storeWrites).isEqualTo(store);
    assertThat(world.data.range(world.keyspace.prefix()).revision()).isEqualTo(revision);
  }

  private static ControllerWorld running() {
    ControllerWorld world = new ControllerWorld(-1);
    world.apply(ResourcePool.class, "web", POOL);
    world.apply(StatelessJob.class, "web", job(""));
    world.settle();
    return world;
  }

  private static JobSnapshot only(ControllerWorld world) {
    assertThat(world.records().jobs()).hasSize(1);
    return JobSnapshot.of(world.records().jobs().iterator().next()).orElseThrow();
  }
}
