package peloton.operator.grpc;

import io.grpc.stub.StreamObserver;
import peloton.api.v1alpha.host.svc.HostServiceGrpc;
import peloton.api.v1alpha.host.svc.HostSvc.ChangeHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.ChangeHostPoolResponse;
import peloton.api.v1alpha.host.svc.HostSvc.CompleteMaintenanceRequest;
import peloton.api.v1alpha.host.svc.HostSvc.CompleteMaintenanceResponse;
import peloton.api.v1alpha.host.svc.HostSvc.CreateHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.CreateHostPoolResponse;
import peloton.api.v1alpha.host.svc.HostSvc.DeleteHostPoolRequest;
import peloton.api.v1alpha.host.svc.HostSvc.DeleteHostPoolResponse;
import peloton.api.v1alpha.host.svc.HostSvc.ListHostPoolsRequest;
import peloton.api.v1alpha.host.svc.HostSvc.ListHostPoolsResponse;
import peloton.api.v1alpha.host.svc.HostSvc.QueryHostsRequest;
import peloton.api.v1alpha.host.svc.HostSvc.QueryHostsResponse;
import peloton.api.v1alpha.host.svc.HostSvc.StartMaintenanceRequest;
import peloton.api.v1alpha.host.svc.HostSvc.StartMaintenanceResponse;
import peloton.desired.host.HostWriter;
import peloton.operator.read.CurrentView;
import peloton.operator.read.HostReader;

/** The hosts of the API. */
final class HostServiceHandler extends HostServiceGrpc.HostServiceImplBase {
  private final Answers answers;
  private final CurrentView view;
  private final HostWriter writer;

  HostServiceHandler(Answers answers, CurrentView view, HostWriter writer) {
    this.answers = answers;
    this.view = view;
    this.writer = writer;
  }

  @Override
  public void queryHosts(QueryHostsRequest request, StreamObserver<QueryHostsResponse> observer) {
    answers.now(
        observer,
        () ->
            QueryHostsResponse.newBuilder()
                .addAllHostInfos(
                    HostReader.query(view.records().hosts(), request.getHostStatesList()))
                .build());
  }

  @Override
  public void listHostPools(
      ListHostPoolsRequest request, StreamObserver<ListHostPoolsResponse> observer) {
    answers.now(
        observer,
        () ->
            ListHostPoolsResponse.newBuilder()
                .addAllPools(HostReader.pools(view.records().hosts()))
                .build());
  }

  @Override
  public void startMaintenance(
      StartMaintenanceRequest request, StreamObserver<StartMaintenanceResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.startMaintenance(request));
  }

  @Override
  public void completeMaintenance(
      CompleteMaintenanceRequest request, StreamObserver<CompleteMaintenanceResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.completeMaintenance(request));
  }

  @Override
  public void createHostPool(
      CreateHostPoolRequest request, StreamObserver<CreateHostPoolResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.createPool(request));
  }

  @Override
  public void deleteHostPool(
      DeleteHostPoolRequest request, StreamObserver<DeleteHostPoolResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.deletePool(request));
  }

  @Override
  public void changeHostPool(
      ChangeHostPoolRequest request, StreamObserver<ChangeHostPoolResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.changePool(request));
  }
}
