package peloton.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import peloton.api.v1alpha.admin.svc.AdminSvc.Component;
import peloton.api.v1alpha.job.stateless.Stateless.CreateSpec;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.job.stateless.Stateless.SlaSpec;
import peloton.api.v1alpha.job.stateless.Stateless.UpdateSpec;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.ReplaceJobRequest;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.TerminationStatus;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.records.PodEventRecord;
import peloton.records.PodRecord;

/** Jobs that share a cluster through resource pools, on one leader after the other. */
class PoolScenarioTest {
  private static final String LENDER = "aaaaaaaa-2222-3333-4444-555555555555";
  private static final String BORROWER = "bbbbbbbb-2222-3333-4444-555555555555";
  private static final String OTHER = "cccccccc-2222-3333-4444-555555555555";
  private static final Duration LONG = Duration.ofSeconds(45);

  private final World world = new World();

  @AfterEach
  void nothingWentWrong() {
    assertThat(world.outcome())
        .containsEntry("failures", 0L)
        .containsEntry("violations", List.of());
  }

  @Test
  void aPoolLendsAndClaimsBackAndThenNothingMoves() {
    givenTwoPoolsOnTenCpus();
    create(BORROWER, "borrower", preemptible(job(10)));
    settle();
    assertThat(living(BORROWER)).isEqualTo(10);

    create(LENDER, "lender", job(5));
    world.advance(Duration.ofSeconds(20));
    assertThat(living(BORROWER)).as("demand that comes and goes moves nothing").isEqualTo(10);
    settle();

    assertThat(living(LENDER)).isEqualTo(5);
    assertThat(living(BORROWER)).isEqualTo(5);
    int launches = world.mesos.launches();
    world.restart();
    world.idle(Duration.ofMinutes(30));
    assertThat(world.mesos.launches()).isEqualTo(launches);
  }

  @Test
  void whoIsPreemptedSaysSoAndComesBackWhenThereIsRoom() {
    givenTwoPoolsOnTenCpus();
    create(BORROWER, "borrower", preemptible(job(10)));
    settle();
    create(LENDER, "lender", job(1));
    settle();

    PodRecord preempted = world.history(BORROWER, 9, 1).orElseThrow().getPod();
    assertThat(preempted.getState()).isEqualTo(PodState.POD_STATE_KILLED);
    assertThat(preempted.getTermination().getReason())
        .isEqualTo(TerminationStatus.Reason.TERMINATION_STATUS_REASON_PREEMPTED_RESOURCES);
    assertThat(preempted.getFailureCount()).isZero();
    assertThat(preempted.getEventsList().stream().map(PodEventRecord::getState))
        .contains(PodState.POD_STATE_PREEMPTING);
    assertThat(preempted.getEventsList().stream().map(PodEventRecord::getReason))
        .contains("EvictionReason_PREEMPTION");
    assertThat(pod(BORROWER, 9).getState()).isEqualTo(PodState.POD_STATE_PENDING);

    stop(LENDER);
    settle();
    assertThat(living(BORROWER)).isEqualTo(10);
  }

  @Test
  void aLeaderThatDiesWhilePodsGoIsFollowedByOneThatGoesOn() {
    givenTwoPoolsOnTenCpus();
    create(BORROWER, "borrower", preemptible(job(10)));
    settle();
    create(LENDER, "lender", job(5));
    for (int i = 0; i < 8; i++) {
      world.advance(Duration.ofSeconds(7));
      world.restart();
    }
    settle();

    assertThat(living(LENDER)).isEqualTo(5);
    assertThat(living(BORROWER)).isEqualTo(5);
  }

  @Test
  void aLeaderThatSeesNoOffersTakesNothing() {
    givenTwoPoolsOnTenCpus();
    create(BORROWER, "borrower", preemptible(job(10)));
    settle();
    int launches = world.mesos.launches();
    world.mesos.withholdOffers(true);
    world.restart();
    world.idle(Duration.ofMinutes(10));

    assertThat(living(BORROWER)).isEqualTo(10);
    assertThat(world.mesos.launches()).isEqualTo(launches);
  }

  @Test
  void whatIsNotPreemptibleStaysWithinTheReservation() {
    givenTwoPoolsOnTenCpus();
    create(LENDER, "lender", job(8));
    settle();
    assertThat(living(LENDER)).isEqualTo(5);

    world.writePool("lender", pool("lender", 7, 10));
    settle();
    assertThat(living(LENDER)).isEqualTo(7);
  }

  @Test
  void jobsAreBoundByTheirUnavailablePodsAsLongAsOthersCanGo() {
    givenTwoPoolsOnTenCpus();
    create(OTHER, "borrower", preemptible(job(5)));
    settle();
    JobSpec.Builder bounded = preemptible(job(5)).toBuilder();
    bounded.getSlaBuilder().setMaximumUnavailableInstances(1);
    create(BORROWER, "borrower", bounded.build());
    settle();
    create(LENDER, "lender", job(4));
    settle();

    assertThat(living(BORROWER)).isEqualTo(4);
    assertThat(living(OTHER)).isEqualTo(2);
  }

  @Test
  void nothingIsPreemptedWhileKillsAreLockedDown() {
    givenTwoPoolsOnTenCpus();
    create(BORROWER, "borrower", preemptible(job(10)));
    settle();
    world.lockDown(Component.Kill);
    create(LENDER, "lender", job(5));
    settle();
    assertThat(living(BORROWER)).isEqualTo(10);

    world.lockDown();
    settle();
    assertThat(living(BORROWER)).isEqualTo(5);
  }

  @Test
  void anUpdateKeepsTheRoomOfThePodsThatItReplaces() {
    givenTwoPoolsOnTenCpus();
    create(BORROWER, "borrower", preemptible(job(10)));
    settle();
    JobSpec.Builder urgent = preemptible(job(3)).toBuilder();
    urgent.getSlaBuilder().setPriority(9);
    create(OTHER, "borrower", urgent.build());
    settle();
    assertThat(living(OTHER)).isZero();

    JobSpec next = preemptible(World.job(10, "v2").toBuilder().build());
    replace(BORROWER, "borrower", next, UpdateSpec.newBuilder().setBatchSize(3).build());
    settle();
    assertThat(living(OTHER)).isZero();
    assertThat(living(BORROWER)).isEqualTo(10);
    assertThat(pod(BORROWER, 0).getVersion()).isEqualTo(2);
  }

  @Test
  void smallPodsPassALargeOneAndHigherPriorityGoesFirst() {
    givenTwoPoolsOnTenCpus();
    create(BORROWER, "borrower", preemptible(job(8)));
    settle();
    JobSpec large =
        preemptible(World.job(1, "large")).toBuilder()
            .setDefaultSpec(World.pod("large", 4))
            .build();
    create(LENDER, "borrower", large);
    JobSpec.Builder urgent = preemptible(job(5)).toBuilder();
    urgent.getSlaBuilder().setPriority(3);
    create(OTHER, "borrower", urgent.build());
    settle();

    assertThat(living(LENDER)).isZero();
    assertThat(living(OTHER)).isEqualTo(2);
  }

  @Test
  void anAgentThatJoinsLaterIsFoundWhilePodsWaitForTheirPool() {
    givenTwoPoolsOnTenCpus();
    create(BORROWER, "borrower", preemptible(job(14)));
    settle();
    assertThat(living(BORROWER)).isEqualTo(10);

    world.mesos.addAgent("late", 4, 4096);
    settle();
    assertThat(living(BORROWER)).isEqualTo(10);
    world.writePool("borrower", pool("borrower", 5, 20));
    settle();
    assertThat(living(BORROWER)).isEqualTo(14);
  }

  @Test
  void podsOfAPoolWithoutAmountsWaitAndStopWhenTheyAreTold() {
    givenTwoPoolsOnTenCpus();
    world.writePool(
        "empty",
        ResourcePoolSpec.newBuilder()
            .setName("empty")
            .setParent(ResourcePoolID.newBuilder().setValue("root"))
            .build());
    create(LENDER, "empty", job(2));
    settle();
    assertThat(living(LENDER)).isZero();

    stop(LENDER);
    settle();
    assertThat(world.committed().job(LENDER).status().getState().name())
        .isEqualTo("JOB_STATE_KILLED");
  }

  private void givenTwoPoolsOnTenCpus() {
    world.mesos.addAgent("agent-1", 5, 8192);
    world.mesos.addAgent("agent-2", 5, 8192);
    world.start();
    world.writePool("lender", pool("lender", 5, 10));
    world.writePool("borrower", pool("borrower", 5, 10));
    world.advance(Duration.ofSeconds(2));
  }

  private static ResourcePoolSpec pool(String name, double reservation, double limit) {
    ResourcePoolSpec.Builder spec =
        ResourcePoolSpec.newBuilder()
            .setName(name)
            .setParent(ResourcePoolID.newBuilder().setValue("root"));
    spec.addResourcesBuilder()
        .setKind("cpu")
        .setReservation(reservation)
        .setLimit(limit)
        .setShare(1);
    spec.addResourcesBuilder().setKind("memory").setReservation(4096).setLimit(16384).setShare(1);
    return spec.build();
  }

  private static JobSpec job(int instances) {
    return World.job(instances, "serve");
  }

  private static JobSpec preemptible(JobSpec job) {
    return job.toBuilder().setSla(SlaSpec.newBuilder().setPreemptible(true)).build();
  }

  private static JobSpec in(String pool, JobSpec job) {
    return job.toBuilder().setRespoolId(ResourcePoolID.newBuilder().setValue(pool)).build();
  }

  private void create(String id, String pool, JobSpec job) {
    world.call(
        world.jobs.create(
            CreateJobRequest.newBuilder()
                .setJobId(JobID.newBuilder().setValue(id))
                .setSpec(in(pool, job))
                .setCreateSpec(CreateSpec.getDefaultInstance())
                .build()));
  }

  private void replace(String id, String pool, JobSpec job, UpdateSpec update) {
    world.call(
        world.jobs.replace(
            ReplaceJobRequest.newBuilder()
                .setJobId(JobID.newBuilder().setValue(id))
                .setVersion(world.version(id))
                .setSpec(in(pool, job))
                .setUpdateSpec(update)
                .build()));
  }

  private void stop(String id) {
    world.stopJob(id);
  }

  private void settle() {
    world.advance(LONG);
  }

  private PodRecord pod(String job, int instance) {
    return world.committed().job(job).pods().get(instance);
  }

  private long living(String job) {
    return world.mesos.living().keySet().stream().filter(pod -> pod.startsWith(job)).count();
  }
}
