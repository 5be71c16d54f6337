package peloton.operator.grpc;

import io.grpc.stub.StreamObserver;
import peloton.operator.read.CurrentView;
import peloton.operator.read.PoolStateReader;
import peloton.operator.v1.PoolStateServiceGrpc;
import peloton.operator.v1.PoolStates.ListPoolStatesRequest;
import peloton.operator.v1.PoolStates.ListPoolStatesResponse;

/** How resource pools stand; a service of our own. */
final class PoolStateServiceHandler extends PoolStateServiceGrpc.PoolStateServiceImplBase {
  private final Answers answers;
  private final CurrentView view;

  PoolStateServiceHandler(Answers answers, CurrentView view) {
    this.answers = answers;
    this.view = view;
  }

  @Override
  public void listPoolStates(
      ListPoolStatesRequest request, StreamObserver<ListPoolStatesResponse> observer) {
    answers.now(
        observer,
        () ->
            ListPoolStatesResponse.newBuilder()
                .addAllPools(PoolStateReader.all(view.records()))
                .build());
  }
}
