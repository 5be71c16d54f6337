package peloton.mesos.local.http;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Finds the handler of a path; the master's paths only answer while it leads. */
final class Router {

  private final Map<String, Handler> master;
  private final Map<String, Handler> agents;
  private final Supplier<Leadership> leadership;

  /**
   * @param master handlers that redirect when another master leads, by path
   * @param agents handlers that answer always, by path
   */
  Router(
      Map<String, Handler> master, Map<String, Handler> agents, Supplier<Leadership> leadership) {
    this.master = master;
    this.agents = agents;
    this.leadership = leadership;
  }

  CompletionStage<Answer> handle(Request request) {
    var handler = agents.get(request.path());
    if (handler != null) {
      return handler.handle(request);
    }
    handler = master.get(request.path());
    if (handler == null) {
      return CompletableFuture.completedFuture(
          Answer.text(404, "There is nothing at " + request.path()));
    }
    var leader = leadership.get();
    if (leader instanceof Leadership.Elsewhere elsewhere) {
      return CompletableFuture.completedFuture(
          Answer.text(
              307, "", Map.of("Location", "//" + elsewhere.hostAndPort() + request.path())));
    }
    return leader instanceof Leadership.Nobody
        ? CompletableFuture.completedFuture(Answer.text(503, "No leader elected"))
        : handler.handle(request);
  }
}
