package peloton.operator.grpc;

import io.grpc.stub.StreamObserver;
import peloton.api.v1alpha.peloton.Peloton.ResourcePoolID;
import peloton.api.v1alpha.respool.ResourcePoolServiceGrpc;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.CreateResourcePoolResponse;
import peloton.api.v1alpha.respool.RespoolSvc.DeleteResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.DeleteResourcePoolResponse;
import peloton.api.v1alpha.respool.RespoolSvc.GetResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.GetResourcePoolResponse;
import peloton.api.v1alpha.respool.RespoolSvc.LookupResourcePoolIDRequest;
import peloton.api.v1alpha.respool.RespoolSvc.LookupResourcePoolIDResponse;
import peloton.api.v1alpha.respool.RespoolSvc.QueryResourcePoolsRequest;
import peloton.api.v1alpha.respool.RespoolSvc.QueryResourcePoolsResponse;
import peloton.api.v1alpha.respool.RespoolSvc.UpdateResourcePoolRequest;
import peloton.api.v1alpha.respool.RespoolSvc.UpdateResourcePoolResponse;
import peloton.desired.ApiException;
import peloton.desired.pool.PoolTree;
import peloton.desired.pool.PoolWriter;
import peloton.operator.read.CurrentView;
import peloton.operator.read.PoolReader;

/** The resource pools of the API. */
final class PoolServiceHandler extends ResourcePoolServiceGrpc.ResourcePoolServiceImplBase {
  private final Answers answers;
  private final CurrentView view;
  private final PoolWriter writer;

  PoolServiceHandler(Answers answers, CurrentView view, PoolWriter writer) {
    this.answers = answers;
    this.view = view;
    this.writer = writer;
  }

  @Override
  public void createResourcePool(
      CreateResourcePoolRequest request, StreamObserver<CreateResourcePoolResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().create(request));
  }

  @Override
  public void deleteResourcePool(
      DeleteResourcePoolRequest request, StreamObserver<DeleteResourcePoolResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().delete(request));
  }

  @Override
  public void updateResourcePool(
      UpdateResourcePoolRequest request, StreamObserver<UpdateResourcePoolResponse> observer) {
    answers.laterIf(view::check, observer, () -> writer().update(request));
  }

  @Override
  public void getResourcePool(
      GetResourcePoolRequest request, StreamObserver<GetResourcePoolResponse> observer) {
    answers.now(observer, () -> get(request));
  }

  @Override
  public void lookupResourcePoolID(
      LookupResourcePoolIDRequest request, StreamObserver<LookupResourcePoolIDResponse> observer) {
    answers.now(observer, () -> lookup(request.getPath().getValue()));
  }

  @Override
  public void queryResourcePools(
      QueryResourcePoolsRequest request, StreamObserver<QueryResourcePoolsResponse> observer) {
    answers.now(
        observer,
        () ->
            QueryResourcePoolsResponse.newBuilder()
                .addAllRespools(PoolReader.of(view.records()).all())
                .build());
  }

  private GetResourcePoolResponse get(GetResourcePoolRequest request) {
    PoolReader pools = PoolReader.of(view.records());
    String given = request.getRespoolId().getValue();
    String id = given.isEmpty() ? PoolTree.ROOT : given;
    if (!pools.tree().contains(id)) {
      throw new ApiException(
          ApiException.Code.NOT_FOUND,
          "respool_id: there is no resource pool \"" + id + "\"; QueryResourcePools lists them");
    }
    GetResourcePoolResponse.Builder response =
        GetResourcePoolResponse.newBuilder().setRespool(pools.info(id));
    if (request.getIncludeChildPools()) {
      pools.tree().children(id).forEach(child -> response.addChildRespools(pools.info(child)));
    }
    return response.build();
  }

  private LookupResourcePoolIDResponse lookup(String path) {
    if (!path.startsWith("/")) {
      throw new ApiException(
          ApiException.Code.INVALID_ARGUMENT,
          "path: \""
              + path
              + "\" is no path of a resource pool; it begins with a slash, such as"
              + " /infrastructure/compute, and / is the root");
    }
    String id =
        PoolTree.of(view.records())
            .lookup(path)
            .orElseThrow(
                () ->
                    new ApiException(
                        ApiException.Code.NOT_FOUND,
                        "path: there is no resource pool at \"" + path + "\""));
    return LookupResourcePoolIDResponse.newBuilder()
        .setRespoolId(ResourcePoolID.newBuilder().setValue(id))
        .build();
  }

  /** The writer in the name of the client that calls. */
  private PoolWriter writer() {
    return writer.as(ForceInterceptor.requester());
  }
}
