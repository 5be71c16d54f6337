package peloton.mesos.local.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * {@code POST /local/control?do=...}: for tests that run a local Mesos as a process of its own. Not
 * part of any Mesos, and there only on request.
 */
final class ControlApi implements Handler {

  private final Control control;
  private final Executor executor;

  /**
   * @param executor where orders are carried out, which block
   */
  ControlApi(Control control, Executor executor) {
    this.control = control;
    this.executor = executor;
  }

  @Override
  public CompletionStage<Answer> handle(Request request) {
    if (!request.method().equals("POST")) {
      return CompletableFuture.completedFuture(
          Answer.text(405, "Expecting POST, got " + request.method()));
    }
    return CompletableFuture.supplyAsync(() -> answer(request), executor);
  }

  private Answer answer(Request request) {
    try {
      return Answer.text(200, control.order(request.parameter("do").orElse(""), request.query()));
    } catch (IllegalArgumentException e) {
      return Answer.text(400, e.getMessage());
    }
  }
}
