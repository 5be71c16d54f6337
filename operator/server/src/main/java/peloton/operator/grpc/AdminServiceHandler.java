package peloton.operator.grpc;

import io.grpc.stub.StreamObserver;
import peloton.api.v1alpha.admin.svc.AdminServiceGrpc;
import peloton.api.v1alpha.admin.svc.AdminSvc.LockdownRequest;
import peloton.api.v1alpha.admin.svc.AdminSvc.LockdownResponse;
import peloton.api.v1alpha.admin.svc.AdminSvc.RemoveLockdownRequest;
import peloton.api.v1alpha.admin.svc.AdminSvc.RemoveLockdownResponse;
import peloton.desired.admin.LockdownWriter;
import peloton.operator.read.CurrentView;

/** The emergency stops of the API. Never locked down itself. */
final class AdminServiceHandler extends AdminServiceGrpc.AdminServiceImplBase {
  private final Answers answers;
  private final CurrentView view;
  private final LockdownWriter writer;

  AdminServiceHandler(Answers answers, CurrentView view, LockdownWriter writer) {
    this.answers = answers;
    this.view = view;
    this.writer = writer;
  }

  @Override
  public void lockdown(LockdownRequest request, StreamObserver<LockdownResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.lock(request));
  }

  @Override
  public void removeLockdown(
      RemoveLockdownRequest request, StreamObserver<RemoveLockdownResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer.free(request));
  }
}
