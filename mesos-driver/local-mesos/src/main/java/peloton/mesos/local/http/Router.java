package peloton.mesos.local.http;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Finds the handler of a path; the master's paths only answer while it leads. */
final class Router {

  private final Map<String, Handler> master;
  private final Map<String, Handler> agents;
  private final Supplier<Leadership> leadership;
  private final IntSupplier leader;
  private final Optional<Access.Credential> credential;

  /**
   * @param master handlers that redirect when another master leads, by path
   * @param agents handlers that answer always, by path
   * @param leader the port of the master that leads; the others redirect to it
   * @param credential what requests have to prove
   */
  Router(
      Map<String, Handler> master,
      Map<String, Handler> agents,
      Supplier<Leadership> leadership,
      IntSupplier leader,
      Optional<Access.Credential> credential) {
    this.master = master;
    this.agents = agents;
    this.leadership = leadership;
    this.leader = leader;
    this.credential = credential;
  }

  CompletionStage<Answer> handle(Request request) {
    if (credential.isPresent() && !credential.get().isProvenBy(request.header("authorization"))) {
      return CompletableFuture.completedFuture(
          Answer.text(
              401,
              "Unauthorized: HTTP Basic with a principal and its secret is needed",
              Map.of("WWW-Authenticate", "Basic realm=\"mesos\"")));
    }
    var handler = agents.get(request.path());
    if (handler != null) {
      return handler.handle(request);
    }
    handler = master.get(request.path());
    if (handler == null) {
      return CompletableFuture.completedFuture(
          Answer.text(404, "There is nothing at " + request.path()));
    }
    var now = leadership.get();
    if (now instanceof Leadership.Elsewhere elsewhere) {
      return redirect(request, elsewhere.hostAndPort());
    }
    if (now instanceof Leadership.Leading && request.port() != leader.getAsInt()) {
      return redirect(request, "127.0.0.1:" + leader.getAsInt());
    }
    return now instanceof Leadership.Nobody
        ? CompletableFuture.completedFuture(Answer.text(503, "No leader elected"))
        : handler.handle(request);
  }

  private static CompletionStage<Answer> redirect(Request request, String hostAndPort) {
    return CompletableFuture.completedFuture(
        Answer.text(307, "", Map.of("Location", "//" + hostAndPort + request.path())));
  }
}
