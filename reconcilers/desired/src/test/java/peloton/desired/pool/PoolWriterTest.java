package peloton.desired.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import peloton.api.ids.JobId;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.CreateJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.DeleteJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StartJobRequest;
import peloton.api.v1alpha.job.stateless.svc.StatelessSvc.StopJobRequest;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.respool.Respool.ReservationType;
import peloton.api.v1alpha.respool.Respool.ResourcePoolSpec;
import peloton.api.v1alpha.respool.Respool.ResourceSpec;
import peloton.api.v1alpha.respool.Respool.SchedulingPolicy;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.DeleteResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.UpdateResourcePoolRequest;
import peloton.desired.ApiException;
import peloton.desired.ApiException.Code;
import peloton.desired.DesiredFixture;
import peloton.desired.LivePods;
import peloton.desired.job.JobWriter;
import peloton.desired.job.NonPreemptiblePods;
import peloton.desired.job.Specs;
import peloton.records.PodRecord;
import peloton.records.ResourcePoolRecord;
import peloton.store.view.RecordKey;

class PoolWriterTest {
  private static final String JOB = "6f0c1c5e-3f8f-4a58-9d7a-0d2f1f1f7f11";

  private final DesiredFixture fixture = new DesiredFixture();
  private final PoolWriter writer =
      new PoolWriter(fixture.desired, fixture.keys, fixture.clock(), NonPreemptiblePods::use);
  private final JobWriter jobs = new JobWriter(fixture.desired, fixture.keys, fixture.clock());

  // ---- create

  @Test
  void aCreatedPoolIsCompletedAndFoundByItsPath() {
    String id = create(pool("infra", "root", resource("cpu", 10, 20, 2)));

    assertThat(tree().lookup("/infra")).contains(id);
    ResourcePoolSpec spec = spec(id);
    assertThat(spec.getPolicy()).isEqualTo(SchedulingPolicy.SCHEDULING_POLICY_PRIORITY_FIFO);
    assertThat(spec.getRevision().getVersion()).isEqualTo(1);
    assertThat(spec.getResourcesList())
        .extracting(
            ResourceSpec::getKind,
            ResourceSpec::getReservation,
            ResourceSpec::getLimit,
            ResourceSpec::getShare)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("cpu", 10.0, 20.0, 2.0),
            org.assertj.core.groups.Tuple.tuple("memory", 0.0, 0.0, 1.0),
            org.assertj.core.groups.Tuple.tuple("disk", 0.0, 0.0, 1.0),
            org.assertj.core.groups.Tuple.tuple("gpu", 0.0, 0.0, 1.0));
    assertThat(spec.getResourcesList())
        .extracting(ResourceSpec::getType)
        .containsOnly(ReservationType.RESERVATION_TYPE_ELASTIC);
  }

  @Test
  void aListedKindWithoutAShareHasNone() {
    String id = create(pool("infra", "root", resource("cpu", 1, 1, 0)));

    assertThat(spec(id).getResources(0).getShare()).isZero();
  }

  @Test
  void anIdMayBeChosenOnce() {
    String id = UUID.randomUUID().toString();
    CreateResourcePoolRequest request = createRequest(id, pool("infra", "root"));

    assertThat(fixture.answer(writer.create(request)).getRespoolId().getValue()).isEqualTo(id);
    assertRefused(
        writer.create(createRequest(id, pool("other", "root"))),
        Code.ALREADY_EXISTS,
        id + " already exists at /infra");
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "x"})
  void refusesAnIdThatIsNoUuid(String id) {
    assertRefused(
        writer.create(createRequest(id, pool("infra", "root"))),
        Code.INVALID_ARGUMENT,
        "respool_id: given \"" + id + "\"");
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        arguments(pool("", "root"), "spec.name: given no name"),
        arguments(pool("a/b", "root"), "spec.name: given \"a/b\"; must not contain /"),
        arguments(pool("x".repeat(256), "root"), "spec.name: given 256 characters"),
        arguments(pool("p", ""), "spec.parent: none given"),
        arguments(pool("p", "nowhere"), "spec.parent: given \"nowhere\", which is no pool's id"),
        arguments(
            pool("p", "root", resource("ram", 0, 0, 0)),
            "spec.resources[0].kind: given \"ram\"; must be one of cpu, memory, disk, gpu"),
        arguments(
            pool("p", "root", resource("cpu", 0, 0, 0), resource("cpu", 0, 0, 0)),
            "spec.resources[1].kind: given \"cpu\" again, after resources[0]"),
        arguments(
            pool("p", "root", resource("cpu", -1, 0, 0)),
            "spec.resources[0].reservation: given -1.0; must be 0 or more"),
        arguments(
            pool("p", "root", resource("cpu", 0, Double.NaN, 0)),
            "spec.resources[0].limit: given NaN; must be 0 or more"),
        arguments(
            pool("p", "root", resource("cpu", 0, 0, Double.POSITIVE_INFINITY)),
            "spec.resources[0].share: given Infinity; must be 0 or more, and finite"),
        arguments(
            pool("p", "root", resource("cpu", 2, 1, 0)),
            "spec.resources[0].limit: given 1.0; must be at least the reservation of 2.0"),
        arguments(
            changed(p -> p.setPolicyValue(7)), "spec.policy: given 7; must be SCHEDULING_POLICY"),
        arguments(
            changed(p -> p.addResourcesBuilder().setKind("cpu").setTypeValue(7)),
            "spec.resources[0].type: given 7; must be RESERVATION_TYPE_ELASTIC"),
        arguments(
            changed(p -> p.getControllerLimitBuilder().setMaxPercent(101)),
            "spec.controller_limit.max_percent: given 101.0; must be from 0 to 100"),
        arguments(
            changed(p -> p.getSlackLimitBuilder().setMaxPercent(-1)),
            "spec.slack_limit.maxPercent: given -1.0; must be from 0 to 100"),
        arguments(
            changed(p -> p.setDescription("x".repeat(70_000))), "may take at most 65536 bytes"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("invalid")
  void refusesAnInvalidPool(ResourcePoolSpec spec, String message) {
    assertRefused(writer.create(createRequest("", spec)), Code.INVALID_ARGUMENT, message);
    assertThat(fixture.records().pools()).isEmpty();
  }

  @Test
  void refusesAPoolWithoutASpecificationOrBelowItself() {
    String id = UUID.randomUUID().toString();

    assertRefused(
        writer.create(CreateResourcePoolRequest.getDefaultInstance()),
        Code.INVALID_ARGUMENT,
        "spec: none given");
    assertRefused(
        writer.create(createRequest(id, pool("p", id))),
        Code.INVALID_ARGUMENT,
        "a pool cannot be its own parent");
  }

  @Test
  void siblingsNeedDifferentNamesAndCousinsDoNot() {
    String infra = create(pool("infra", "root"));
    create(pool("web", infra));

    assertRefused(
        writer.create(createRequest("", pool("web", infra))),
        Code.ALREADY_EXISTS,
        "resource pool:web already exists at /infra/web");
    create(pool("web", "root"));
    assertThat(tree().lookup("/web")).isPresent();
  }

  @Test
  void aChildMayNotHaveMoreThanItsParent() {
    String infra = create(pool("infra", "root", resource("cpu", 10, 20, 1)));

    assertRefused(
        writer.create(createRequest("", pool("web", infra, resource("cpu", 5, 21, 1)))),
        Code.INVALID_ARGUMENT,
        "spec.resources[kind=cpu].limit: given 21.0; must be at most the parent's limit of 20.0");
    assertRefused(
        writer.create(createRequest("", pool("web", infra, resource("memory", 0, 1, 1)))),
        Code.INVALID_ARGUMENT,
        "spec.resources[kind=memory].limit: given 1.0; must be at most the parent's limit of 0.0");
  }

  @Test
  void siblingsMayNotReserveMoreThanTheirParent() {
    String infra = create(pool("infra", "root", resource("cpu", 10, 20, 1)));
    create(pool("a", infra, resource("cpu", 6, 6, 1)));

    assertRefused(
        writer.create(createRequest("", pool("b", infra, resource("cpu", 5, 5, 1)))),
        Code.INVALID_ARGUMENT,
        "spec.resources[kind=cpu].reservation: given 5.0 beside 6.0 that its siblings reserve;"
            + " together they must be at most the parent's reservation of 10.0");
    create(pool("c", infra, resource("cpu", 4, 5, 1)));
  }

  @Test
  void twoSiblingsCannotBothTakeTheLastOfTheReservation() {
    String infra = create(pool("infra", "root", resource("cpu", 10, 20, 1)));
    DesiredFixture other = fixture.replica();
    PoolWriter otherWriter =
        new PoolWriter(other.desired, other.keys, other.clock(), NonPreemptiblePods::use);
    onNextCommit(
        () ->
            other.answer(
                otherWriter.create(createRequest("", pool("a", infra, resource("cpu", 6, 6, 1))))));

    assertRefused(
        writer.create(createRequest("", pool("b", infra, resource("cpu", 6, 6, 1)))),
        Code.INVALID_ARGUMENT,
        "beside 6.0 that its siblings reserve");
    assertThat(tree().children(infra)).hasSize(1);
  }

  @Test
  void ofTwoPoolsOfOneNameOneIsCreated() {
    DesiredFixture other = fixture.replica();
    PoolWriter otherWriter =
        new PoolWriter(other.desired, other.keys, other.clock(), NonPreemptiblePods::use);
    onNextCommit(() -> other.answer(otherWriter.create(createRequest("", pool("infra", "root")))));

    assertRefused(
        writer.create(createRequest("", pool("infra", "root"))),
        Code.ALREADY_EXISTS,
        "resource pool:infra already exists");
    assertThat(tree().ids()).hasSize(1);
  }

  @Test
  void aPoolThatJobsAreInGetsNoChildren() {
    String infra = create(pool("infra", "root"));
    createJob(infra);

    assertRefused(
        writer.create(createRequest("", pool("web", infra))),
        Code.INVALID_ARGUMENT,
        "which jobs run in, such as " + JOB);
  }

  @Test
  void aPoolGetsNoChildWhileAJobComes() {
    String infra = create(pool("infra", "root"));
    onNextCommit(() -> createJobElsewhere(infra));

    assertRefused(
        writer.create(createRequest("", pool("web", infra))),
        Code.INVALID_ARGUMENT,
        "which jobs run in");
  }

  @Test
  void aJobDoesNotComeWhileItsPoolGetsAChild() {
    String infra = create(pool("infra", "root"));
    DesiredFixture other = fixture.replica();
    PoolWriter otherWriter =
        new PoolWriter(other.desired, other.keys, other.clock(), NonPreemptiblePods::use);
    onNextCommit(() -> other.answer(otherWriter.create(createRequest("", pool("web", infra)))));

    assertRefused(jobs.create(jobRequest(infra)), Code.INVALID_ARGUMENT, "has child pools");
    assertThat(fixture.records().job(JOB)).isNull();
  }

  @Test
  void recognisesItsOwnCreation() {
    fixture.store.failNextCommit(true);

    String id = create(pool("infra", "root"));

    assertThat(tree().contains(id)).isTrue();
  }

  // ---- update

  @Test
  void anUpdateReplacesTheWholeSpecification() {
    String id = create(pool("infra", "root", resource("cpu", 10, 20, 2)));
    fixture.timers.advance(Duration.ofSeconds(1));

    update(id, pool("infra", "root", resource("memory", 5, 6, 1)), false);

    assertThat(spec(id).getRevision().getVersion()).isEqualTo(2);
    assertThat(spec(id).getRevision().getUpdatedAt() - spec(id).getRevision().getCreatedAt())
        .isEqualTo(1_000_000_000L);
    assertThat(spec(id).getResourcesList())
        .extracting(ResourceSpec::getKind, ResourceSpec::getLimit)
        .contains(
            org.assertj.core.groups.Tuple.tuple("memory", 6.0),
            org.assertj.core.groups.Tuple.tuple("cpu", 0.0));
  }

  @Test
  void aRenamedPoolLeavesItsNameToOthers() {
    String id = create(pool("old", "root"));

    update(id, pool("new", "root"), false);

    assertThat(tree().lookup("/new")).contains(id);
    String other = create(pool("old", "root"));
    assertThat(tree().lookup("/old")).contains(other);
    assertRefused(
        writer.update(updateRequest(other, pool("new", "root"), true)),
        Code.INVALID_ARGUMENT,
        "resource pool:new already exists");
  }

  @Test
  void updatesAreCheckedUnlessForced() {
    String infra = create(pool("infra", "root", resource("cpu", 10, 20, 1)));
    String web = create(pool("web", infra, resource("cpu", 5, 10, 1)));
    ResourcePoolSpec tooMuch = pool("web", infra, resource("cpu", 5, 50, 1));

    assertRefused(
        writer.update(updateRequest(web, tooMuch, false)),
        Code.INVALID_ARGUMENT,
        "must be at most the parent's limit of 20.0");
    update(web, tooMuch, true);

    assertThat(spec(web).getResources(0).getLimit()).isEqualTo(50);
  }

  @Test
  void aPoolKeepsWhatItsChildrenWereGivenUnlessForced() {
    String infra = create(pool("infra", "root", resource("cpu", 10, 20, 1)));
    create(pool("web", infra, resource("cpu", 6, 15, 1)));
    ResourcePoolSpec lessReserved = pool("infra", "root", resource("cpu", 5, 20, 1));
    ResourcePoolSpec lowerLimit = pool("infra", "root", resource("cpu", 10, 14, 1));

    assertRefused(
        writer.update(updateRequest(infra, lessReserved, false)),
        Code.INVALID_ARGUMENT,
        "must be at least the 6.0 that its child pools reserve");
    assertRefused(
        writer.update(updateRequest(infra, lowerLimit, false)),
        Code.INVALID_ARGUMENT,
        "must be at least the 15.0 that a child pool's limit is");
    update(infra, lowerLimit, true);

    assertThat(spec(infra).getResources(0).getLimit()).isEqualTo(14);
  }

  @Test
  void runningWorkKeepsItsReservationUnlessForced() {
    ResourceSpec memory = resource("memory", 64, 64, 1);
    ResourceSpec disk = resource("disk", 10, 10, 1);
    String id = create(pool("infra", "root", resource("cpu", 9, 20, 1), memory, disk));
    createJob(id);
    fixture.put(
        new RecordKey.Pod(JOB, 0),
        PodRecord.newBuilder()
            .setState(PodState.POD_STATE_RUNNING)
            .setVersion(1)
            .setAgentId("agent")
            .build());
    ResourcePoolSpec less = pool("infra", "root", resource("cpu", 0.5, 20, 1), memory, disk);

    update(id, pool("infra", "root", resource("cpu", 1, 20, 1), memory, disk), false);
    assertRefused(
        writer.update(updateRequest(id, less, false)),
        Code.FAILED_PRECONDITION,
        "must be at least the 1.0 that pods use which are not preemptible");
    update(id, less, true);

    assertThat(spec(id).getResources(0).getReservation()).isEqualTo(0.5);
  }

  @Test
  void aPoolStaysBelowItsParent() {
    String infra = create(pool("infra", "root"));
    String web = create(pool("web", "root"));

    assertRefused(
        writer.update(updateRequest(web, pool("web", infra), true)),
        Code.INVALID_ARGUMENT,
        "a pool stays below its parent, here \"root\"");
  }

  @Test
  void onlyAPoolThatIsThereIsUpdated() {
    assertRefused(
        writer.update(updateRequest("nowhere", pool("p", "root"), false)),
        Code.NOT_FOUND,
        "resource pool \"nowhere\" not found");
    assertRefused(
        writer.update(updateRequest("root", pool("p", "root"), true)),
        Code.INVALID_ARGUMENT,
        "given \"root\"");
    assertRefused(
        writer.update(UpdateResourcePoolRequest.getDefaultInstance()),
        Code.INVALID_ARGUMENT,
        "none given");
  }

  // ---- delete

  @Test
  void aDeletedPoolIsGoneWithItsName() {
    String id = create(pool("infra", "root"));

    delete(id);

    assertThat(tree().ids()).isEmpty();
    assertThat(fixture.data.range(fixture.keys.prefix()).entries()).isEmpty();
    create(pool("infra", "root"));
  }

  @Test
  void onlyALeafThatIsThereIsDeleted() {
    String infra = create(pool("infra", "root"));
    String web = create(pool("web", infra));

    assertRefused(
        writer.delete(deleteRequest("nowhere")),
        Code.NOT_FOUND,
        "resource pool \"nowhere\" not found");
    assertRefused(writer.delete(deleteRequest("root")), Code.INVALID_ARGUMENT, "cannot be deleted");
    assertRefused(
        writer.delete(deleteRequest(infra)),
        Code.INVALID_ARGUMENT,
        "/infra is not a leaf: it has the child pools /infra/web; delete those first");
    delete(web);
    delete(infra);
    assertThat(tree().ids()).isEmpty();
  }

  @Test
  void aPoolIsBusyWhileAJobWantsToRunInIt() {
    String id = create(pool("infra", "root"));
    createJob(id);

    assertRefused(
        writer.delete(deleteRequest(id)),
        Code.FAILED_PRECONDITION,
        "resource pool /infra is busy: job " + JOB + " runs in it");
    stopJob();
    delete(id);

    assertThat(tree().ids()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(value = PodState.class, names = "UNRECOGNIZED", mode = EnumSource.Mode.EXCLUDE)
  void aPoolIsBusyWhileAPodOfAStoppedJobLives(PodState state) {
    String id = create(pool("infra", "root"));
    createJob(id);
    stopJob();
    fixture.put(new RecordKey.Pod(JOB, 0), PodRecord.newBuilder().setState(state).build());

    if (LivePods.isLive(state)) {
      assertRefused(writer.delete(deleteRequest(id)), Code.FAILED_PRECONDITION, "/infra is busy");
    } else {
      delete(id);
    }
    assertThat(tree().contains(id)).isEqualTo(LivePods.isLive(state));
  }

  @Test
  void aPoolIsBusyWhileItsJobIsBeingDeleted() {
    String id = create(pool("infra", "root"));
    createJob(id);
    fixture.put(
        new RecordKey.Pod(JOB, 0),
        PodRecord.newBuilder().setState(PodState.POD_STATE_KILLING).build());
    DeleteJobRequest.Builder request = DeleteJobRequest.newBuilder().setForce(true);
    request.setJobId(JobId.toProto(JOB)).getVersionBuilder().setValue("1-1-1");
    fixture.answer(jobs.delete(request.build()));

    assertRefused(writer.delete(deleteRequest(id)), Code.FAILED_PRECONDITION, "/infra is busy");
  }

  @Test
  void aPoolDoesNotGoWhileAJobComes() {
    String id = create(pool("infra", "root"));
    onNextCommit(() -> createJobElsewhere(id));

    assertRefused(writer.delete(deleteRequest(id)), Code.FAILED_PRECONDITION, "/infra is busy");
    assertThat(tree().contains(id)).isTrue();
  }

  @Test
  void aPoolDoesNotGoWhileAJobIsStartedAgain() {
    String id = create(pool("infra", "root"));
    createJob(id);
    stopJob();
    DesiredFixture other = fixture.replica();
    JobWriter otherJobs = new JobWriter(other.desired, other.keys, other.clock());
    StartJobRequest.Builder start = StartJobRequest.newBuilder();
    start.setJobId(JobId.toProto(JOB)).getVersionBuilder().setValue("1-2-1");
    onNextCommit(() -> other.answer(otherJobs.start(start.build())));

    assertRefused(writer.delete(deleteRequest(id)), Code.FAILED_PRECONDITION, "/infra is busy");
  }

  @Test
  void aJobDoesNotComeWhileItsPoolGoes() {
    String id = create(pool("infra", "root"));
    DesiredFixture other = fixture.replica();
    PoolWriter otherWriter =
        new PoolWriter(other.desired, other.keys, other.clock(), NonPreemptiblePods::use);
    onNextCommit(() -> other.answer(otherWriter.delete(deleteRequest(id))));

    assertRefused(jobs.create(jobRequest(id)), Code.NOT_FOUND, "resource pool not found");
    assertThat(fixture.records().job(JOB)).isNull();
  }

  @Test
  void recognisesItsOwnDeletion() {
    String id = create(pool("infra", "root"));
    fixture.store.failNextCommit(true);

    delete(id);

    assertThat(tree().ids()).isEmpty();
  }

  /** Lets somebody else be faster than the next commit. */
  private void onNextCommit(Runnable other) {
    fixture.store.beforeCommit(
        txn -> {
          fixture.store.beforeCommit(next -> {});
          other.run();
        });
  }

  private void createJobElsewhere(String pool) {
    DesiredFixture other = fixture.replica();
    other.answer(new JobWriter(other.desired, other.keys, other.clock()).create(jobRequest(pool)));
  }

  private void createJob(String pool) {
    fixture.answer(jobs.create(jobRequest(pool)));
  }

  private void stopJob() {
    StopJobRequest.Builder request = StopJobRequest.newBuilder();
    request.setJobId(JobId.toProto(JOB)).getVersionBuilder().setValue("1-1-1");
    fixture.answer(jobs.stop(request.build()));
  }

  private static CreateJobRequest jobRequest(String pool) {
    return CreateJobRequest.newBuilder()
        .setJobId(JobId.toProto(JOB))
        .setSpec(Specs.job(pool))
        .build();
  }

  private String create(ResourcePoolSpec spec) {
    return fixture.answer(writer.create(createRequest("", spec))).getRespoolId().getValue();
  }

  private void update(String id, ResourcePoolSpec spec, boolean force) {
    fixture.answer(writer.update(updateRequest(id, spec, force)));
  }

  private void delete(String id) {
    fixture.answer(writer.delete(deleteRequest(id)));
  }

  private static CreateResourcePoolRequest createRequest(String id, ResourcePoolSpec spec) {
    CreateResourcePoolRequest.Builder request = CreateResourcePoolRequest.newBuilder();
    request.setSpec(spec).getRespoolIdBuilder().setValue(id);
    return request.build();
  }

  private static UpdateResourcePoolRequest updateRequest(
      String id, ResourcePoolSpec spec, boolean force) {
    UpdateResourcePoolRequest.Builder request = UpdateResourcePoolRequest.newBuilder();
    request.setSpec(spec).setForce(force).getRespoolIdBuilder().setValue(id);
    return request.build();
  }

  private static DeleteResourcePoolRequest deleteRequest(String id) {
    DeleteResourcePoolRequest.Builder request = DeleteResourcePoolRequest.newBuilder();
    request.getRespoolIdBuilder().setValue(id);
    return request.build();
  }

  private static ResourcePoolSpec pool(String name, String parent, ResourceSpec... resources) {
    ResourcePoolSpec.Builder spec = ResourcePoolSpec.newBuilder().setName(name);
    spec.getParentBuilder().setValue(parent);
    for (ResourceSpec resource : resources) {
      spec.addResources(resource);
    }
    return spec.build();
  }

  private static ResourcePoolSpec changed(Consumer<ResourcePoolSpec.Builder> change) {
    ResourcePoolSpec.Builder spec = pool("p", "root").toBuilder();
    change.accept(spec);
    return spec.build();
  }

  private static ResourceSpec resource(
      String kind, double reservation, double limit, double share) {
    return ResourceSpec.newBuilder()
        .setKind(kind)
        .setReservation(reservation)
        .setLimit(limit)
        .setShare(share)
        .build();
  }

  private void assertRefused(CompletableFuture<?> request, Code code, String message) {
    ApiException refusal = fixture.refusal(request);
    assertThat(refusal).hasMessageContaining(message);
    assertThat(refusal.code()).isEqualTo(code);
  }

  private PoolTree tree() {
    return PoolTree.of(fixture.records());
  }

  private ResourcePoolSpec spec(String id) {
    return tree().pool(id).map(ResourcePoolRecord::getSpec).orElseThrow();
  }
}
