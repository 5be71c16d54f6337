package peloton.operator.grpc;

import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import peloton.api.operator.v1.GetPlanRequest;
import peloton.api.operator.v1.GetPlanResponse;
import peloton.api.operator.v1.GetWaitingRequest;
import peloton.api.operator.v1.GetWaitingResponse;
import peloton.api.operator.v1.HostPlan;
import peloton.api.operator.v1.PlacementServiceGrpc;
import peloton.api.operator.v1.Refusal;
import peloton.api.operator.v1.WaitingPods;
import peloton.api.v1alpha.job.stateless.Stateless.JobSpec;
import peloton.api.v1alpha.pod.Pod.InstanceIDRange;
import peloton.desired.ApiException;
import peloton.desired.Violation;
import peloton.desired.job.JobSpecValidator;
import peloton.loop.PlacementPlan;
import peloton.operator.read.CurrentView;
import peloton.operator.read.Planner;
import peloton.operator.read.WaitingReader;
import peloton.placement.Refusals;
import peloton.records.LeaderRecord;
import peloton.store.view.JobEntry;

/** Why pods wait, and where they would go. */
final class PlacementServiceHandler extends PlacementServiceGrpc.PlacementServiceImplBase {
  private final Answers answers;
  private final CurrentView view;
  private final Planner planner;

  PlacementServiceHandler(Answers answers, CurrentView view, Planner planner) {
    this.answers = answers;
    this.view = view;
    this.planner = planner;
  }

  @Override
  public void getWaiting(GetWaitingRequest request, StreamObserver<GetWaitingResponse> observer) {
    answers.now(
        observer,
        () ->
            GetWaitingResponse.newBuilder()
                .addAllWaiting(WaitingReader.all(job(request.getJobId().getValue())))
                .build());
  }

  @Override
  public void getPlan(GetPlanRequest request, StreamObserver<GetPlanResponse> observer) {
    answers.laterIf(view::check, observer, () -> plan(request));
  }

  private CompletableFuture<GetPlanResponse> plan(GetPlanRequest request) {
    JobSpec spec = request.getSpec();
    Violation.requireNone(JobSpecValidator.validate(spec));
    String job = request.getJobId().getValue();
    if (!job.isEmpty()) {
      job(job);
    }
    List<Integer> arriving =
        request.getArrivingCount() == 0
            ? IntStream.range(0, spec.getInstanceCount()).boxed().toList()
            : instances("arriving", request.getArrivingList());
    List<Integer> leaving = instances("leaving", request.getLeavingList());
    return planner
        .plan(new PlacementPlan.Question(job, spec, leaving, arriving))
        .orElseThrow(this::notTheLeader)
        .thenApply(PlacementServiceHandler::response);
  }

  private ApiException notTheLeader() {
    String leader =
        view.records().leader().map(LeaderRecord::getAddress).filter(a -> !a.isEmpty()).orElse("");
    return new ApiException(
        ApiException.Code.UNAVAILABLE,
        "only the leader sees the hosts: "
            + (leader.isEmpty() ? "there is none now, try again" : "ask it at " + leader));
  }

  private JobEntry job(String id) {
    return Optional.ofNullable(view.records().job(id))
        .filter(JobEntry::complete)
        .orElseThrow(
            () ->
                new ApiException(
                    ApiException.Code.NOT_FOUND, "job_id: there is no job \"" + id + "\""));
  }

  private static List<Integer> instances(String field, List<InstanceIDRange> ranges) {
    List<Integer> instances = new ArrayList<>();
    for (InstanceIDRange range : ranges) {
      if (Integer.compareUnsigned(range.getTo(), JobSpecValidator.MAX_INSTANCES) > 0
          || Integer.compareUnsigned(range.getFrom(), range.getTo()) > 0) {
        throw new ApiException(
            ApiException.Code.INVALID_ARGUMENT,
            field
                + ": given "
                + Integer.toUnsignedString(range.getFrom())
                + " to "
                + Integer.toUnsignedString(range.getTo())
                + "; a range runs upwards and ends at "
                + JobSpecValidator.MAX_INSTANCES
                + " at most");
      }
      IntStream.range(range.getFrom(), range.getTo()).forEach(instances::add);
      if (instances.size() > JobSpecValidator.MAX_INSTANCES) {
        throw new ApiException(
            ApiException.Code.INVALID_ARGUMENT, field + ": the ranges must not overlap");
      }
    }
    return instances;
  }

  private static GetPlanResponse response(PlacementPlan plan) {
    GetPlanResponse.Builder response = GetPlanResponse.newBuilder().setKnownHosts(plan.hosts());
    plan.instancesByHost().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            each ->
                response.addHosts(
                    HostPlan.newBuilder()
                        .setHostname(each.getKey())
                        .addAllInstances(ranges(each.getValue()))));
    plan.notPlaced().forEach(group -> response.addNotPlaced(notPlaced(group)));
    return response.build();
  }

  private static WaitingPods notPlaced(PlacementPlan.NotPlaced group) {
    Refusals refusals = group.refusals();
    WaitingPods.Builder pods =
        WaitingPods.newBuilder()
            .addAllInstances(ranges(group.instances()))
            .setStage(WaitingPods.Stage.STAGE_PLACEMENT)
            .setReason(refusals.never() ? "NO_HOST_CAN_FIT" : "NO_HOST_FITS")
            .setMessage(
                refusals.never()
                    ? "no host that is known could take the pod"
                    : "no host would take the pod")
            .setHosts(refusals.hosts())
            .setRemedy(refusals.remedy());
    refusals
        .refusals()
        .forEach(
            refusal ->
                pods.addRefusals(
                    Refusal.newBuilder().setTest(refusal.test()).setHosts(refusal.hosts())));
    return pods.build();
  }

  private static List<InstanceIDRange> ranges(List<Integer> instances) {
    List<InstanceIDRange.Builder> ranges = new ArrayList<>();
    for (int instance : instances.stream().sorted().toList()) {
      InstanceIDRange.Builder last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (last != null && last.getTo() == instance) {
        last.setTo(instance + 1);
      } else {
        ranges.add(InstanceIDRange.newBuilder().setFrom(instance).setTo(instance + 1));
      }
    }
    return ranges.stream().map(InstanceIDRange.Builder::build).toList();
  }
}
