package peloton.operator.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static peloton.operator.TestCluster.JOB;
import static peloton.operator.TestCluster.OTHER;
import static peloton.operator.TestCluster.pod;
import static peloton.operator.TestCluster.spec;
import static peloton.operator.grpc.Statuses.assertFails;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import peloton.api.operator.v1.GetPlanRequest;
import peloton.api.operator.v1.GetPlanResponse;
import peloton.api.operator.v1.GetWaitingRequest;
import peloton.api.operator.v1.PlacementServiceGrpc;
import peloton.api.operator.v1.PlacementServiceGrpc.PlacementServiceBlockingStub;
import peloton.api.operator.v1.WaitingPods;
import peloton.api.v1alpha.peloton.Peloton.JobID;
import peloton.api.v1alpha.peloton.Peloton.PodName;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.api.v1alpha.pod.Pod.PodState;
import peloton.api.v1alpha.pod.Pod.PodStatus;
import peloton.api.v1alpha.pod.svc.PodServiceGrpc;
import peloton.api.v1alpha.pod.svc.PodSvc.GetPodRequest;
import peloton.loop.PlacementPlan;
import peloton.operator.TestCluster;
import peloton.placement.Refusals;
import peloton.records.InstanceRange;
import peloton.records.JobWaitingRecord;
import peloton.records.LeaderRecord;
import peloton.records.RefusalRecord;
import peloton.records.WaitingGroupRecord;
import peloton.records.WaitingStage;
import peloton.store.view.RecordKey;

class PlacementServiceTest {
  private final TestCluster cluster = TestCluster.started();
  private final TestApi api = new TestApi(cluster);
  private final PlacementServiceBlockingStub stub =
      PlacementServiceGrpc.newBlockingStub(api.channel());
  private final List<PlacementPlan.Question> questions = new ArrayList<>();

  @BeforeEach
  void aJobOfWhichTwoPodsWait() {
    cluster.createJob(JOB, spec(4).build());
    cluster.write(
        new RecordKey.JobWaiting(JOB),
        JobWaitingRecord.newBuilder()
            .addGroups(
                WaitingGroupRecord.newBuilder()
                    .addInstances(InstanceRange.newBuilder().setFrom(1).setTo(3))
                    .setStage(WaitingStage.WAITING_STAGE_PLACEMENT)
                    .setReason("NO_HOST_FITS")
                    .setMessage("no host takes the pod now")
                    .setHosts(3)
                    .addRefusals(RefusalRecord.newBuilder().setTest("not enough CPU").setHosts(2))
                    .addRefusals(RefusalRecord.newBuilder().setTest("no GPUs").setHosts(1))
                    .setRemedy("host h would do with 1 CPU more")
                    .setSince(1_700_000_000_000_000_000L))
            .build());
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void aPodThatWaitsSaysWhyInItsStatus() {
    PodStatus status = status(1);
    assertThat(status.getReason()).isEqualTo("NO_HOST_FITS");
    assertThat(status.getMessage())
        .isEqualTo(
            "placement: no host takes the pod now (2 hosts: not enough CPU; 1 host: no GPUs);"
                + " host h would do with 1 CPU more");
    assertThat(status(0).getReason()).isEmpty();
  }

  @Test
  void aPodThatWasLaunchedMeanwhileSpeaksForItself() {
    cluster.write(
        new RecordKey.Pod(JOB, 1), pod(1, PodState.POD_STATE_RUNNING).setMessage("ready").build());
    assertThat(status(1).getMessage()).isEqualTo("ready");
  }

  @Test
  void tellsEveryReasonOfAJob() {
    List<WaitingPods> waiting =
        stub.getWaiting(GetWaitingRequest.newBuilder().setJobId(id(JOB)).build()).getWaitingList();
    assertThat(waiting)
        .singleElement()
        .satisfies(
            pods -> {
              assertThat(pods.getInstancesList()).containsExactly(range(1, 3));
              assertThat(pods.getStage()).isEqualTo(WaitingPods.Stage.STAGE_PLACEMENT);
              assertThat(pods.getSince()).isEqualTo("2023-11-14T22:13:20Z");
              assertThat(pods.getHosts()).isEqualTo(3);
              assertThat(pods.getRefusals(0).getTest()).isEqualTo("not enough CPU");
              assertThat(pods.getRefusals(0).getHosts()).isEqualTo(2);
            });
    assertFails(
        () -> stub.getWaiting(GetWaitingRequest.newBuilder().setJobId(id(OTHER)).build()),
        Status.Code.NOT_FOUND,
        OTHER);
  }

  @Test
  void aReplicaThatDoesNotLeadNamesTheLeader() {
    cluster.write(
        new RecordKey.Leader(), LeaderRecord.newBuilder().setAddress("leader:5392").build());
    assertFails(
        () -> stub.getPlan(GetPlanRequest.newBuilder().setSpec(spec(1)).build()),
        Status.Code.UNAVAILABLE,
        "ask it at leader:5392");
  }

  @Test
  void passesThePlanOfTheLeaderOn() {
    api.planner =
        question -> {
          questions.add(question);
          return Optional.of(
              CompletableFuture.completedFuture(
                  new PlacementPlan(
                      Map.of("b", List.of(2), "a", List.of(0, 1)),
                      List.of(
                          new PlacementPlan.NotPlaced(
                              List.of(4, 3),
                              new Refusals(
                                  2,
                                  List.of(new Refusals.Refusal("too small: CPU", 2)),
                                  "ask for less",
                                  true))),
                      2)));
        };
    GetPlanResponse plan =
        stub.getPlan(
            GetPlanRequest.newBuilder()
                .setSpec(spec(5))
                .setJobId(id(JOB))
                .addLeaving(range(0, 2))
                .build());
    assertThat(questions)
        .containsExactly(
            new PlacementPlan.Question(
                JOB, spec(5).build(), List.of(0, 1), List.of(0, 1, 2, 3, 4)));
    assertThat(plan.getKnownHosts()).isEqualTo(2);
    assertThat(plan.getHostsList())
        .extracting(host -> host.getHostname())
        .containsExactly("a", "b");
    assertThat(plan.getHosts(0).getInstancesList()).containsExactly(range(0, 2));
    assertThat(plan.getNotPlacedList())
        .singleElement()
        .satisfies(
            pods -> {
              assertThat(pods.getInstancesList()).containsExactly(range(3, 5));
              assertThat(pods.getReason()).isEqualTo("NO_HOST_CAN_FIT");
              assertThat(pods.getRemedy()).isEqualTo("ask for less");
            });
  }

  @Test
  void refusesWhatCouldNotBeCreated() {
    assertFails(
        () -> stub.getPlan(GetPlanRequest.newBuilder().setSpec(spec(-1)).build()),
        Status.Code.INVALID_ARGUMENT,
        "spec.instance_count");
    assertFails(
        () ->
            stub.getPlan(
                GetPlanRequest.newBuilder().setSpec(spec(1)).addArriving(range(3, 1)).build()),
        Status.Code.INVALID_ARGUMENT,
        "arriving: given 3 to 1");
    assertFails(
        () ->
            stub.getPlan(GetPlanRequest.newBuilder().setSpec(spec(1)).setJobId(id(OTHER)).build()),
        Status.Code.NOT_FOUND,
        "job_id");
  }

  private PodStatus status(int instance) {
    return PodServiceGrpc.newBlockingStub(api.channel())
        .getPod(
            GetPodRequest.newBuilder()
                .setPodName(PodName.newBuilder().setValue(JOB + "-" + instance))
                .build())
        .getCurrent()
        .getStatus();
  }

  private static JobID id(String id) {
    return JobID.newBuilder().setValue(id).build();
  }

  private static InstanceIDRange range(int from, int to) {
    return InstanceIDRange.newBuilder().setFrom(from).setTo(to).build();
  }
}
